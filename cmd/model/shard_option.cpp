#include "cmd/model/shard_option.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string_view>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"

namespace claptools::cmd {
namespace {

std::optional<int> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const WholeRange range{0, std::numeric_limits<int>::max()};
  if (!read_number(text, range, value).empty()) return std::nullopt;
  return static_cast<int>(value);
}

int variable(const char* name, std::optional<int> otherwise) {
  const char* text = std::getenv(name);
  const auto value = text == nullptr ? otherwise : parse_number(text);
  if (value) return *value;
  throw Error(Fault::usage, "--shard", std::string(name) + " is not set: no task of a job array");
}

/// Tasks of an array may be counted from any number and in steps.
Shard of_slurm() {
  const int id = variable("SLURM_ARRAY_TASK_ID", {}),
            count = variable("SLURM_ARRAY_TASK_COUNT", {});
  const int first = variable("SLURM_ARRAY_TASK_MIN", 0),
            step = variable("SLURM_ARRAY_TASK_STEP", 1);
  if (step == 0 || id < first || (id - first) % step != 0)
    throw Error(Fault::usage, "--shard", "the tasks of the job array are not evenly numbered");
  return {(id - first) / step, count};
}

}  // namespace

Shard parse_shard(const std::string& word) {
  if (word.empty()) return {};
  Shard shard;
  if (word == "slurm") {
    shard = of_slurm();
  } else {
    const std::size_t slash = std::min(word.find('/'), word.size());
    const auto index = parse_number(std::string_view(word).substr(0, slash));
    const auto count =
        parse_number(std::string_view(word).substr(std::min(slash + 1, word.size())));
    if (!index || !count)
      throw Error(Fault::usage, "--shard", "'" + word + "' is neither I/N nor slurm");
    shard = {*index, *count};
  }
  require_shard(shard, "--shard");
  return shard;
}

}  // namespace claptools::cmd
