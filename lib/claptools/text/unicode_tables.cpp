#include "claptools/text/unicode_tables.hpp"

#include <algorithm>
#include <iterator>

namespace claptools {
namespace {

struct Range {
  char32_t first, last;
};
struct ClassRange {
  char32_t first, last;
  CharClass value;
};
struct NumberRange {
  char32_t first, last;
  std::uint8_t value;
};
struct CasingRange {
  char32_t first, last;
  Casing value;
};
struct Gpt2Range {
  char32_t first, last;
  Gpt2Class value;
};
struct Segment {
  char32_t first, last;
  std::uint16_t offset;  ///< of the target of `first`
};
struct LongTarget {
  char32_t first;
  std::array<char32_t, 3> chars;
  std::size_t size;
};

#include "claptools/text/unicode_data.inc"

/// The range that holds c, or nullptr. Ranges are ascending and do not overlap.
template <class T, std::size_t N>
const T* find_range(const T (&ranges)[N], char32_t c) {
  const T* next = std::upper_bound(std::begin(ranges), std::end(ranges), c,
                                   [](char32_t value, const T& r) { return value < r.first; });
  return next != ranges && c <= next[-1].last ? next - 1 : nullptr;
}

template <std::size_t S, std::size_t L>
Folded map_character(char32_t c, const Segment (&segments)[S], const char32_t* targets,
                     const LongTarget (&long_targets)[L]) {
  const Segment* segment = find_range(segments, c);
  const char32_t target = segment ? targets[segment->offset + (c - segment->first)] : c;
  if (target != 0 || c == 0) return {{target}, 1};
  const LongTarget* row = std::find_if(std::begin(long_targets), std::end(long_targets),
                                       [c](const LongTarget& t) { return t.first == c; });
  return {row->chars, row->size};
}

constexpr char32_t kHangulFirst = 0xAC00, kHangulLast = 0xD7A3;

/// Unicode Standard, section 3.12: leading consonant, vowel, trailing consonant.
Folded decompose_hangul(char32_t c) {
  constexpr char32_t kLeading = 0x1100, kVowel = 0x1161, kTrailing = 0x11A7;
  constexpr char32_t kVowels = 21, kTrailings = 28;
  const char32_t index = c - kHangulFirst;
  const char32_t trailing = index % kTrailings;
  return {{kLeading + index / (kVowels * kTrailings), kVowel + index / kTrailings % kVowels,
           kTrailing + trailing},
          trailing == 0 ? 2U : 3U};
}

/// Nearly all text: decided without a search.
bool is_plain_ascii(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

CharClass bert_class(char32_t c) {
  if (is_plain_ascii(c)) return CharClass::word;
  if (c == ' ') return CharClass::space;
  const ClassRange* range = find_range(kClasses, c);
  return range ? range->value : CharClass::word;
}

std::uint8_t combining_class(char32_t c) {
  const NumberRange* range = find_range(kCombining, c);
  return range ? range->value : 0;
}

Folded bert_fold(char32_t c) {
  if (is_plain_ascii(c)) return {{c}, 1};
  if (c >= kHangulFirst && c <= kHangulLast) return decompose_hangul(c);
  return map_character(c, kFoldSegments, kFoldTargets, kFoldLong);
}

Folded python_lower(char32_t c) {
  return map_character(c, kLowerSegments, kLowerTargets, kLowerLong);
}

Casing casing(char32_t c) {
  const CasingRange* range = find_range(kCasing, c);
  return range ? range->value : Casing::other;
}

Gpt2Class gpt2_class(char32_t c) {
  if (c >= 'a' && c <= 'z') return Gpt2Class::letter;
  const Gpt2Range* range = find_range(kGpt2Classes, c);
  return range ? range->value : Gpt2Class::sign;
}

bool is_python_space(char32_t c) { return find_range(kPythonSpace, c) != nullptr; }

}  // namespace claptools
