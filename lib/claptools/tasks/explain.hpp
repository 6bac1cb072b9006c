#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// A codeword that an audio clip and a text share.
struct SharedCodeword {
  std::size_t index = 0;   ///< of the codebook
  float audio_weight = 0;  ///< in the clip's mixture (Eq. 3)
  float text_weight = 0;   ///< in the text's
  /// To the cosine: audio_weight * text_weight * |codeword|^2 / (|clip| * |text|).
  double contribution = 0;
  /// That activated it: whose affinity alone would give it weight.
  std::vector<std::size_t> frames;

  bool operator==(const SharedCodeword&) const = default;
};

/// Codeword weights of a label that several texts stand for, whose unit embeddings are averaged: of
/// sum 1, and in the direction of that average. The weights of a single text are left as they are.
/// @param weights [texts][K], not negative, sum 1. @param codewords [K, D].
std::vector<float> average_weights(std::span<const std::vector<float>> weights,
                                   MatrixView codewords);

/// The codewords with weight on both sides, the largest contribution first; of equal ones the lower
/// index first. What is missing from the sum of contributions to the cosine is due to different
/// codewords that are alike.
/// @param audio_weights, text_weights [K]. @param audio_affinities [frames, K]. @param codewords
/// [K, D].
/// @throws Error{internal} if the shapes do not fit.
std::vector<SharedCodeword> explain_match(std::span<const float> audio_weights,
                                          MatrixView audio_affinities,
                                          std::span<const float> text_weights, MatrixView codewords,
                                          std::size_t most);

}  // namespace claptools
