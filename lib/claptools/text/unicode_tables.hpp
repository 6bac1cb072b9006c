#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace claptools {

/// What BERT's tokenizer does with a character. Unlisted ones, unassigned ones among them, are
/// `word`.
enum class CharClass : std::uint8_t {
  word,
  space,
  punctuation,   ///< a word of its own
  ideograph,     ///< CJK, a word of its own
  control,       ///< dropped first, as if it had not been there
  mark,          ///< accent, dropped after canonical ordering
  mark_starter,  ///< the same with combining class 0: later marks are not ordered across it
  combining,     ///< mark that stays and takes part in canonical ordering
};

CharClass bert_class(char32_t c);

/// Canonical combining class of a `combining` character; 0 for all others, dropped marks included.
std::uint8_t combining_class(char32_t c);

/// One to three characters.
struct Folded {
  std::array<char32_t, 3> chars{};
  std::size_t size = 1;

  const char32_t* begin() const { return chars.data(); }
  const char32_t* end() const { return chars.data() + size; }
};

/// Lower case after canonical decomposition without accents; characters that stay are themselves.
Folded bert_fold(char32_t c);

/// Python's str.lower() of one character.
Folded python_lower(char32_t c);

/// Role of a character in the final sigma rule of Unicode's lower-casing.
enum class Casing : std::uint8_t { other, cased, ignorable };
Casing casing(char32_t c);

/// What GPT-2's tokenizer takes a character for: \p{L}, \p{N}, \s, or none of them.
enum class Gpt2Class : std::uint8_t { sign, letter, number, blank };
Gpt2Class gpt2_class(char32_t c);

/// Python's str.isspace(), which is also \s of its regular expressions.
bool is_python_space(char32_t c);

}  // namespace claptools
