#pragma once

#include <cstddef>
#include <string>

#include "cmd/program/text_output.hpp"

namespace claptools::cmd {

/// Hits as extended M3U, for players: a title and, for VLC, the seconds where the hit begins and
/// ends, before the absolute path of each file.
class PlaylistWriter {
 public:
  /// @throws as TextOutput.
  PlaylistWriter(const std::string& path, bool force);

  /// A member of an archive, which no player opens, is counted and left out, as is a path with a
  /// line break, which the format cannot hold. @throws Error{io}.
  void add(const std::string& query, const std::string& id, double start_s, double end_s);

  /// How many hits were left out.
  std::size_t left_out() const { return left_out_; }

  /// @throws Error{io}, {cannot_create}. Without it no file appears.
  void close() { output_.close(); }

 private:
  TextOutput output_;
  std::size_t left_out_ = 0;
};

}  // namespace claptools::cmd
