#pragma once

#include <cstdint>
#include <vector>

#include "claptools/dataset/manifest.hpp"

namespace claptools {

/// A clip with one of its captions.
struct TrainingPair {
  std::uint32_t item = 0, caption = 0;
};

/// Clips and all their pairs.
struct TrainingSet {
  std::vector<ManifestItem> items;
  std::vector<std::uint64_t> identities;  ///< of the items: the hash of their id
  std::vector<TrainingPair> pairs;        ///< item by item, caption by caption

  /// Seconds of each pair's clip; 0: not told.
  std::vector<double> durations_s() const;

  /// Of all that a manifest says and their order: where the audio is, ids, durations, captions,
  /// labels. The audio itself is not looked at.
  std::uint64_t digest() const;
};

/// Items of equal id have equal identity, also those of different manifests.
TrainingSet make_training_set(std::vector<ManifestItem> items);

}  // namespace claptools
