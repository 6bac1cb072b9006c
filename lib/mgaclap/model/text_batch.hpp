#pragma once

#include <ATen/core/Tensor.h>

#include <span>
#include <string>

#include "mgaclap/text/wordpiece_tokenizer.hpp"
#include "mgaclap/families/model_files.hpp"

namespace mgaclap {

/// The tokenizer of a model's vocabulary. @throws Error{no_input}, {data} if the file does not fit.
WordPieceTokenizer read_vocabulary(const ModelFiles& files);

/// Texts as the text encoder takes them, padded to the longest.
struct TextBatch {
  at::Tensor ids;        ///< [B, L] int64
  at::Tensor attention;  ///< [B, L] bool, false for padding
  at::Tensor words;      ///< [B, L - 1] float, 0 for special tokens and padding
};

TextBatch make_text_batch(const WordPieceTokenizer& tokenizer, std::span<const std::string> texts,
                          int max_tokens);

}  // namespace mgaclap
