#include "claptools/runs/finished_run.hpp"

#include <algorithm>
#include <tuple>

#include "claptools/core/files/file_stamp.hpp"
#include "claptools/core/files/output_lock.hpp"
#include "claptools/runs/run_journal.hpp"
#include "claptools/store/vector_space.hpp"

namespace claptools {
namespace {

bool carries(const EmbeddingReader& file, std::size_t row, const std::vector<std::string>& meta) {
  for (std::size_t column = 0; column < meta.size(); ++column) {
    if (file.meta(column)[row] != meta[column]) return false;
  }
  return true;
}

/// Whether rows and errors come in the order of the inputs, and each input has one or the other.
bool holds_inputs(const EmbeddingReader& file, const std::vector<AudioInput>& inputs) {
  const auto& rows = file.segments();
  const std::vector<InputError> errors = file.errors();
  std::size_t row = 0, error = 0;
  for (const AudioInput& input : inputs) {
    const std::string& id = input.id;
    if (row < rows.size() && rows[row].id == id) {
      if (!carries(file, row, input.meta)) return false;
      ++row;
      if (file.header().kind == "text") continue;
      while (row < rows.size() && rows[row].id == id && rows[row].start_s > rows[row - 1].start_s)
        ++row;
    } else if (error < errors.size() && errors[error].id == id) {
      ++error;
    } else {
      return false;
    }
  }
  return row == rows.size() && error == errors.size();
}

auto shape_of(const EmbeddingHeader& h) {
  return std::tie(h.kind, h.dim, h.options, h.precision, h.shard_index, h.shard_count, h.shard_deal,
                  h.meta_columns);
}

std::string find_difference(const std::string& output, const EmbeddingHeader& header,
                            const std::vector<AudioInput>& inputs) {
  const EmbeddingReader file(output);
  if (file.header().model_sha256 != header.model_sha256) return "made with another model";
  if (are_of_other_models(file.header().space, header.space))
    return other_space(file.header().space, header.space);
  if (shape_of(file.header()) != shape_of(header)) return "made with other options";
  if (!holds_inputs(file, inputs)) return "made of other inputs";
  const std::int64_t made_at = stamp_of(output).mtime_ns;
  const auto newer = std::ranges::find_if(
      inputs, [&](const AudioInput& input) { return stamp_of(input.audio).mtime_ns > made_at; });
  return newer == inputs.end() ? "" : "older than " + newer->audio.path;
}

}  // namespace

std::string compare_finished(const std::string& output, const EmbeddingHeader& header,
                             const std::vector<AudioInput>& inputs) {
  const OutputLock lock(output);
  std::string difference = find_difference(output, header, inputs);
  if (difference.empty()) RunJournal(output, {}, RunJournal::Mode::force, {}).remove();
  return difference;
}

}  // namespace claptools
