// Internal to the room: retrieval against a table of judgements.
#pragma once

#include "claptools/core/strings/table.hpp"
#include "claptools/evaluate/retrieval.hpp"

namespace claptools {

/// What evaluate() of a RetrievalTask does where its truth has_judgements(). Of embedding files,
/// the texts are the queries if they have the id of the first query, else the recordings are.
Evaluation evaluate_judged(const RetrievalTask& task, const Table& truth);

}  // namespace claptools
