#include "claptools/dataset/training_set.hpp"

#include <bit>
#include <utility>

#include "claptools/core/random.hpp"

namespace claptools {

std::vector<double> TrainingSet::durations_s() const {
  std::vector<double> durations;
  durations.reserve(pairs.size());
  for (const TrainingPair& pair : pairs) durations.push_back(items[pair.item].duration_s);
  return durations;
}

std::uint64_t TrainingSet::digest() const {
  std::uint64_t digest = 0;
  const auto add = [&](std::uint64_t value) { digest = hash_seed({digest, value}); };
  for (const ManifestItem& item : items) {
    for (const std::string& text : {item.audio.path, item.audio.member, item.id, item.label})
      add(hash_text(text));
    add(std::bit_cast<std::uint64_t>(item.duration_s));
    add(item.captions.size());
    for (const std::string& caption : item.captions) add(hash_text(caption));
  }
  return digest;
}

TrainingSet make_training_set(std::vector<ManifestItem> items) {
  TrainingSet set{std::move(items), {}, {}};
  for (std::uint32_t i = 0; i < set.items.size(); ++i) {
    set.identities.push_back(hash_text(set.items[i].id));
    for (std::uint32_t c = 0; c < set.items[i].captions.size(); ++c) set.pairs.push_back({i, c});
  }
  return set;
}

}  // namespace claptools
