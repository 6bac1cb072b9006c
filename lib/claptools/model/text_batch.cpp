#include "claptools/model/text_batch.hpp"

#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

namespace claptools {

TextBatch make_text_batch(const Tokenizer& tokenizer, std::span<const std::string> texts,
                          std::size_t max_tokens) {
  std::vector<Tokens> tokens;
  std::size_t longest = 0;
  for (const std::string& text : texts) {
    tokens.push_back(tokenizer.encode(text, max_tokens));
    longest = std::max(longest, tokens.back().ids.size());
  }
  const auto rows = static_cast<std::int64_t>(texts.size()),
             columns = static_cast<std::int64_t>(longest);
  TextBatch batch{at::full({rows, columns}, tokenizer.pad_id(), at::kLong),
                  at::zeros({rows, columns}, at::kBool),
                  at::zeros({rows, columns - 1}, at::kFloat)};
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Tokens& t = tokens[i];
    std::copy(t.ids.begin(), t.ids.end(), batch.ids.data_ptr<std::int64_t>() + i * longest);
    std::fill_n(batch.attention.data_ptr<bool>() + i * longest, t.ids.size(), true);
    float* words = batch.words.data_ptr<float>() + i * (longest - 1);
    for (std::size_t j = 1; j < t.special.size(); ++j) words[j - 1] = t.special[j] ? 0.0f : 1.0f;
  }
  return batch;
}

}  // namespace claptools
