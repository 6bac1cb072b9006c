#include "cmd/support/train_data.hpp"

#include <algorithm>
#include <iterator>

#include "mgaclap/core/error.hpp"
#include "mgaclap/core/input_stream.hpp"

namespace mgaclap::cmd {
namespace {

std::vector<ManifestItem> read_manifests(const std::vector<std::string>& paths,
                                         const ManifestOptions& options, const Log& log) {
  std::vector<ManifestItem> items;
  for (const std::string& path : paths) {
    auto more = read_manifest(path, options, log);
    std::move(more.begin(), more.end(), std::back_inserter(items));
  }
  return items;
}

/// @throws Error{usage} listing the metrics.
void require_metric(const std::vector<std::string>& metrics, const std::string& best) {
  if (std::ranges::find(metrics, best) != metrics.end()) return;
  std::string list;
  for (const std::string& metric : metrics) list += (list.empty() ? "" : ", ") + metric;
  throw Error(Fault::usage, "--best", "'" + best + "' is none of " + list);
}

}  // namespace

TrainingSet read_training_set(const TrainArguments& arguments, const Log& log) {
  return make_training_set(read_manifests(arguments.manifests, arguments.manifest, log));
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

}  // namespace mgaclap::cmd
