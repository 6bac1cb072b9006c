#include "claptools/train/training_data.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/suggest.hpp"
#include "claptools/manifests/audio_names.hpp"

namespace claptools {
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
                  shorten(items.front().audio.path) + "; see `audio_root`");
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

std::vector<ManifestItem> read_manifests(std::span<const std::string> paths,
                                         const ManifestOptions& options, const Log& log) {
  std::vector<ManifestItem> items;
  for (const std::string& path : paths) {
    auto more = read_manifest(path, options, log);
    require_any_recording(more, path);
    std::move(more.begin(), more.end(), std::back_inserter(items));
  }
  return items;
}

}  // namespace

TrainingSet read_training_set(std::span<const std::string> manifests, ManifestOptions options,
                              BlacklistCount& blacklisted, const Log& log) {
  require_audio_root(options.audio_root);
  options.blacklisted = &blacklisted;
  auto items = read_manifests(manifests, options, log);
  require_match(blacklisted, options.blacklist, items);
  return make_training_set(std::move(items));
}

std::optional<ValidationSet> read_validation_set(const ValidationSource& source,
                                                 const ManifestOptions& options, const Log& log) {
  if (source.manifests.empty()) return std::nullopt;
  ValidationSet set;
  set.items = read_manifests(source.manifests, options, log);
  set.patterns = source.patterns;
  if (set.patterns.empty()) set.patterns = {"{} can be heard"};
  if (!source.labels.empty()) {
    InputStream in(source.labels);
    set.labels = Labels::read(in, in.subject());
  }
  const std::vector<std::string> metrics = validation_metrics(set);
  if (std::ranges::find(metrics, source.best_metric) == metrics.end())
    throw Error(Fault::usage, "`best_metric`", not_one_of(source.best_metric, metrics));
  return set;
}

}  // namespace claptools
