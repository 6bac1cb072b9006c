#pragma once

#include "claptools/checkpoints/weight_set.hpp"
#include "claptools/engine/model.hpp"

namespace claptools {

/// Embeddings of a few fixed texts and sounds, kept with a model so that another machine can tell
/// whether it computes the same: tensors "text" [3, dim] and "audio" [2, dim].
WeightSet known_answer(const Model& model);

/// The largest absolute difference between what `model` computes and what was kept.
/// @throws Error{data} naming `subject` if the tensors are not those of known_answer().
double compare_known_answer(const Model& model, const WeightSet& kept, std::string_view subject);

/// Another machine's float32 results stay within this (clap-embeddings(5)).
inline constexpr double kKnownAnswerTolerance = 1e-5;

}  // namespace claptools
