#include "mgaclap/dataset/training_set.hpp"

#include <utility>

#include "mgaclap/core/random.hpp"

namespace mgaclap {

std::vector<double> TrainingSet::durations_s() const {
  std::vector<double> durations;
  durations.reserve(pairs.size());
  for (const TrainingPair& pair : pairs) durations.push_back(items[pair.item].duration_s);
  return durations;
}

TrainingSet make_training_set(std::vector<ManifestItem> items) {
  TrainingSet set{std::move(items), {}, {}};
  for (std::uint32_t i = 0; i < set.items.size(); ++i) {
    set.identities.push_back(hash_text(set.items[i].id));
    for (std::uint32_t c = 0; c < set.items[i].captions.size(); ++c) set.pairs.push_back({i, c});
  }
  return set;
}

}  // namespace mgaclap
