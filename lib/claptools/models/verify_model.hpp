#pragma once

#include "claptools/checkpoints/weight_set.hpp"
#include "claptools/models/opened_model.hpp"

namespace claptools {

/// What a model directory keeps to be verified by: its known answer (engine/known_answer.hpp) and,
/// as the inputs of that are too few to reach every weight, the SHA-256 of its weights.
/// @param model loaded from `files`.
WeightSet make_proof(const Model& model, const ModelFiles& files);

/// Model::check_texts() of a model that is to embed sound. Where the directory's known answer is
/// that of its weights, the texts in it are compared, and nothing is computed.
/// @throws Error{data} naming the tower.
void check_text_tower(const OpenedModel& opened);

/// Whether a model of a directory is what it was made as, and computes here what it did there:
/// towers that have not collapsed, the digest if one is kept, the known answer.
/// @return the largest difference from its known answer, at most kKnownAnswerTolerance.
/// @throws Error{data} naming the model and what is wrong, or if no known answer is stored with it.
double verify_model(const OpenedModel& opened);

}  // namespace claptools
