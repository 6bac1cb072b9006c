#pragma once

#include <atomic>
#include <span>
#include <string>

#include "claptools/core/matrix.hpp"
#include "claptools/engine/model.hpp"

namespace claptools {

/// Embeds texts in batches on `threads` workers; [texts, dim], rows in the order of the texts.
/// Equal texts are embedded once, and texts of like length together, so that little is spent on
/// padding.
/// @param stop if set meanwhile, the current batches are finished and the other rows stay 0. May be
/// null.
/// @throws Error{data} for a text that is not UTF-8 or holds a NUL.
Matrix embed_texts(const Model& model, std::span<const std::string> texts, int threads,
                   const std::atomic<bool>* stop = nullptr);

}  // namespace claptools
