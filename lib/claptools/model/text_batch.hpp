#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <span>
#include <string>

#include "claptools/text/tokenizer.hpp"

namespace claptools {

/// Texts as the text encoder takes them, padded to the longest.
struct TextBatch {
  at::Tensor ids;        ///< [B, L] int64
  at::Tensor attention;  ///< [B, L] bool, false for padding
  at::Tensor words;      ///< [B, L - 1] float, 0 for special tokens and padding
};

TextBatch make_text_batch(const Tokenizer& tokenizer, std::span<const std::string> texts,
                          std::size_t max_tokens);

}  // namespace claptools
