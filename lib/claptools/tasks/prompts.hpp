#pragma once

#include <span>
#include <string>
#include <vector>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// One row per label from the embeddings of its prompts: their mean, of unit length again. The row
/// of a single prompt is left as it is.
/// @param embeddings [prompts of all labels in order, D], unit rows.
/// @param prompts    of each label, at least one.
/// @return           [labels, D], unit rows.
/// @throws Error{data} naming the label whose prompts cancel out.
Matrix average_prompts(MatrixView embeddings, std::span<const std::vector<std::string>> prompts);

}  // namespace claptools
