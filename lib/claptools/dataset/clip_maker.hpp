#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "claptools/core/random.hpp"
#include "claptools/dataset/batch_loader.hpp"
#include "claptools/dataset/decode_clip.hpp"

namespace claptools {

/// One row of a batch.
struct TrainingRow {
  std::vector<float> samples;         ///< as long as was asked for
  std::uint32_t pair = 0;             ///< the one asked for, or what stands in for it
  std::vector<std::uint32_t> failed;  ///< items that could not be read on the way
  std::vector<std::uint32_t> warned;  ///< items read that are not as their files say
};

/// Makes rows from pairs: decodes, crops, augments, pads. A row depends on the seed, the epoch, the
/// pair and its length alone. For several threads.
class ClipMaker {
 public:
  /// @param set must outlive this.
  ClipMaker(const TrainingSet& set, const LoaderOptions& options);

  /// Samples that the rows of a batch have.
  std::size_t row_length(const BatchPlan::Batch& batch) const;

  /// @throws Error{data} if no pair's audio can be read.
  TrainingRow make(std::uint64_t epoch, std::uint32_t pair, std::size_t length);

  /// Why an item could not be read.
  std::string failure(std::uint32_t item) const;

  /// What is not as the item's file says, with its name.
  std::string warning(std::uint32_t item) const;

 private:
  std::optional<std::vector<float>> make_clip(std::uint32_t item, std::size_t length,
                                              Random& random, TrainingRow& row);
  std::optional<std::vector<float>> read_crop(std::uint32_t item, std::size_t length,
                                              Random& random, TrainingRow& row);
  ClipCache::Clip read_clip(std::uint32_t item, std::size_t max_samples, bool whole,
                            TrainingRow& row);
  std::optional<std::uint32_t> draw_partner(std::uint32_t item, Random& random) const;
  std::size_t samples_of(double duration_s) const;
  bool has_failed(std::uint32_t item) const;
  void note(std::map<std::uint32_t, std::string>& notes, std::uint32_t item,
            const std::string& text);

  const TrainingSet& set_;
  LoaderOptions options_;
  std::size_t window_;  ///< samples
  std::map<std::string, std::vector<std::uint32_t>> labels_;
  ClipCache cache_;
  mutable std::mutex mutex_;
  std::map<std::uint32_t, std::string> failures_, warnings_;
};

}  // namespace claptools
