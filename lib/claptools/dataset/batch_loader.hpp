#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "claptools/core/log.hpp"
#include "claptools/dataset/augment.hpp"
#include "claptools/dataset/batch_plan.hpp"
#include "claptools/dataset/training_set.hpp"
#include "claptools/engine/trainer.hpp"

namespace claptools {

/// How long the rows of a batch are.
enum class Padding {
  /// As its longest clip by the manifest, the window at most; the window if a clip's duration is
  /// not told.
  longest,
  window,
};

struct LoaderOptions {
  int sample_rate = 32000;  ///< Hz
  double window_s = 10;     ///< longer clips are cropped at a random place
  /// Shorter rows become a window long: an STFT that reflects the edges needs more than n_fft / 2
  /// samples.
  std::size_t min_samples = 513;
  Padding padding = Padding::longest;
  AugmentOptions augment;
  std::uint64_t seed = 20;
  std::size_t rank = 0;  ///< which share of each batch is loaded here
  int threads = 2;
  std::size_t ahead = 2;          ///< batches decoded ahead
  std::uint64_t cache_bytes = 0;  ///< of decoded clips kept in memory; 0 = none
};

/// Steps of a run: step s is batch s % plan.batches() of epoch s / plan.batches().
struct StepRange {
  std::uint64_t first = 0, end = 0;
};

/// Loads batches ahead of the training. What a batch holds depends on the seeds, the step and the
/// options that shape clips, and on nothing else: not on threads, on where the run began, on the
/// cache or, joined over the ranks, on their number (but for an epoch's smaller last batch, see
/// BatchPlanOptions).
///
/// A pair whose audio cannot be read is replaced by the next pair of the set that can, so that all
/// ranks stay in step; each such recording is reported once, and so is one that is read though it
/// is not as its file says. No more than the first 300 s of a clip are looked at.
class BatchLoader {
 public:
  /// @param set, plan must outlive the loader; the plan is of the set's durations_s().
  /// @param log is called by next() only.
  /// @throws Error{usage} for options that cannot be.
  BatchLoader(const TrainingSet& set, const BatchPlan& plan, const LoaderOptions& options,
              StepRange steps, Log log = {});
  ~BatchLoader();

  /// The next step's share of this rank, or nothing at the end.
  /// @throws Error{data} if no recording at all can be read.
  std::optional<TrainingBatch> next();

  /// Seconds that next() has waited for decoding.
  double waited_s() const;

  /// Recordings that could not be read so far.
  std::size_t failed() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace claptools
