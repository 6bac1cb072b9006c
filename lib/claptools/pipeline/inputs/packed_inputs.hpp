#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "claptools/pipeline/embed_audio.hpp"

namespace claptools {

/// Inputs in order, each in little more memory than its name: an AudioInput takes 300 bytes and
/// more, and a run may have millions.
class PackedInputs {
 public:
  PackedInputs() = default;
  explicit PackedInputs(const std::vector<AudioInput>& inputs);

  void add(const AudioInput& input);

  std::size_t size() const { return places_.size(); }
  bool empty() const { return places_.empty(); }

  /// As it was added, with as many values in `meta` as there are columns.
  AudioInput at(std::size_t i) const;

  /// All of them, in full.
  std::vector<AudioInput> all() const;

  /// Of all inputs; 0: each has those that it was added with.
  void set_columns(std::size_t columns) { columns_ = columns; }

  /// Leaves those for which `keeps(input)` holds.
  template <typename Keeps>
  void keep_if(const Keeps& keeps) {
    PackedInputs kept;
    for (std::size_t i = 0; i < size(); ++i) {
      const AudioInput input = at(i);
      if (keeps(input)) kept.add(input);
    }
    kept.columns_ = columns_;
    *this = std::move(kept);
  }

  /// Leaves those from `begin` up to `end`.
  void keep_range(std::size_t begin, std::size_t end);

  /// Whether some input is a shard that is read once.
  bool has_streams() const { return streams_ > 0; }

 private:
  struct Place {
    std::uint32_t block;
    std::uint32_t offset;
  };

  std::vector<std::string> blocks_;  ///< none ever grows beyond what was reserved
  std::vector<Place> places_;
  std::unordered_map<std::size_t, std::shared_ptr<const StreamedMember>> streamed_;
  std::size_t columns_ = 0, streams_ = 0;
};

}  // namespace claptools
