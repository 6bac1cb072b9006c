#pragma once

#include <string>
#include <vector>

#include "claptools/evaluate/evaluation.hpp"

namespace claptools {

/// Generated sounds, against the captions that they were made of, a reference set, or both, all
/// embedded by one model. A file named "-" is standard input.
struct GenerationTask {
  std::string audio = {};      ///< embedding file of the generated sounds
  std::string text = {};       ///< of the captions; may be empty
  std::string truth = {};      ///< table: audio_id, caption or caption_index; empty: each sound's
                               ///< meta column `caption` is its text
  std::string reference = {};  ///< embedding file of recordings; may be empty
  EvaluationOptions options = {};
};

/// `clap_score` is the mean cosine of a sound and its caption, with the number of pairs `n_pairs`;
/// `frechet_audio_distance` is that of the generated rows and the reference's, `n_audio` and
/// `n_reference`. It has no interval: resamples repeat rows, which lowers the rank of their
/// covariance and so raises the distance. The last value is kMissing.
/// @throws Error{usage} without `text` and `reference`, {no_input}, {data} naming the file: of
/// another model or, for the reference, another window, filling, pooling or precision.
Evaluation evaluate(const GenerationTask& task);

/// The metrics that evaluate() may give.
std::vector<std::string> metric_names(const GenerationTask& task);

}  // namespace claptools
