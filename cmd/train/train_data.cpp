#include "cmd/train/train_data.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/suggest.hpp"
#include "claptools/pipeline/inputs.hpp"

namespace claptools::cmd {
namespace {

/// A mistyped folder would fail every one of them, and after the old model has been replaced.
void require_any_recording(const std::vector<ManifestItem>& items, const std::string& manifest) {
  const auto exists = [](const ManifestItem& item) {
    std::error_code code;
    return std::filesystem::exists(item.audio.path, code);
  };
  if (std::ranges::any_of(items, exists)) return;
  throw Error(Fault::no_input, manifest,
              "none of its " + std::to_string(items.size()) + " recordings exists, such as " +
                  shorten(items.front().audio.path) + "; see --audio-root");
}

/// @throws Error{data} for a blacklist that keeps nothing out: its names are not the manifest's.
void require_match(const BlacklistCount& count, const std::string& blacklist,
                   const std::vector<ManifestItem>& items) {
  if (count.entries == 0 || !count.matched.empty()) return;
  throw Error(Fault::data, blacklist,
              "none of its " + std::to_string(count.entries) +
                  " entries matches a clip, such as '" + shorten(items.front().id) + "', " +
                  shorten(items.front().audio.path));
}

std::vector<ManifestItem> read_manifests(const std::vector<std::string>& paths,
                                         const ManifestOptions& options, const Log& log) {
  std::vector<ManifestItem> items;
  for (const std::string& path : paths) {
    auto more = read_manifest(path, options, log);
    require_any_recording(more, path);
    std::move(more.begin(), more.end(), std::back_inserter(items));
  }
  return items;
}

/// @throws Error{usage} listing the metrics.
void require_metric(const std::vector<std::string>& metrics, const std::string& best) {
  if (std::ranges::find(metrics, best) != metrics.end()) return;
  throw Error(Fault::usage, "--best", not_one_of(best, metrics));
}

}  // namespace

TrainingSet read_training_set(const TrainArguments& arguments, const Program& program,
                              bool speaks) {
  require_audio_root(arguments.manifest.audio_root);
  BlacklistCount count;
  ManifestOptions options = arguments.manifest;
  options.blacklisted = &count;
  auto items = read_manifests(arguments.manifests, options, program.messages.log());
  require_match(count, options.blacklist, items);
  if (speaks && !options.blacklist.empty())
    program.messages.note(options.blacklist + ": " + std::to_string(count.matched.size()) + " of " +
                          std::to_string(count.entries) + " entries matched, " +
                          std::to_string(count.items) + " recordings left out");
  return make_training_set(std::move(items));
}

std::optional<ValidationSet> read_validation_set(const TrainArguments& arguments, const Log& log) {
  if (arguments.valid.empty()) return std::nullopt;
  ValidationSet set;
  set.items = read_manifests(arguments.valid, arguments.manifest, log);
  set.patterns = arguments.prompts;
  if (set.patterns.empty()) set.patterns = {"{} can be heard"};
  if (!arguments.valid_labels.empty()) {
    InputStream in(arguments.valid_labels);
    set.labels = Labels::read(in, in.subject());
  }
  require_metric(validation_metrics(set), arguments.run.best_metric);
  return set;
}

}  // namespace claptools::cmd
