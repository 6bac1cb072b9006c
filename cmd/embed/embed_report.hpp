#pragma once

#include <optional>
#include <string>
#include <unordered_set>

#include "claptools/runs/part_file.hpp"
#include "cmd/program/text_output.hpp"

namespace claptools::cmd {

/// --report: a JSON object a line for every input.
class EmbedReport {
 public:
  /// @param path empty: nothing is written. @throws as TextOutput.
  EmbedReport(const std::string& path, bool overwrite);

  /// @param failure null if it was embedded.
  void add(const PartInput& input, const InputError* failure);

  /// Publishes it. @throws as TextOutput.
  void close();

 private:
  std::optional<TextOutput> output_;
};

/// The inputs that a report tells failed, by their ids. @throws Error{no_input}, {data}.
std::unordered_set<std::string> read_failed(const std::string& report);

}  // namespace claptools::cmd
