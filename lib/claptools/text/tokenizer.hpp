#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace claptools {

/// Token ids of one text, with those that the model wants before and after it; not padded.
struct Tokens {
  std::vector<std::int64_t> ids;
  /// As long as ids: 1 for those that were added, by position (docs/reference/pipeline.md, step
  /// 15).
  std::vector<std::uint8_t> special;
};

/// Cuts texts into the ids that a text encoder takes. Const functions may be called from several
/// threads at once.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  /// @param text UTF-8; invalid sequences count as U+FFFD.
  /// @param max_tokens including those that are added, at least 2; the rest is cut off.
  /// @throws Error{usage} if max_tokens is below 2.
  virtual Tokens encode(std::string_view text, std::size_t max_tokens) const = 0;

  virtual std::int64_t pad_id() const = 0;
};

/// @throws Error{data} naming the vocabulary if it has not as many tokens as the model.
void check_vocabulary_size(std::size_t tokens, std::size_t of_model, std::string_view vocabulary);

}  // namespace claptools
