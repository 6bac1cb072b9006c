#include "claptools/text/caption.hpp"

#include <algorithm>
#include <iterator>

#include "claptools/core/strings/utf8.hpp"
#include "claptools/text/unicode_tables.hpp"

namespace claptools {
namespace {

constexpr char32_t kCapitalSigma = 0x3A3, kFinalSigma = 0x3C2;

std::u32string decode(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Utf8Char c = decode_utf8(text);
    out += c.code_point;
    text.remove_prefix(c.length);
  }
  return out;
}

/// Whether the nearest character that the rule does not look through is a cased letter.
template <class Iterator>
bool meets_cased(Iterator first, Iterator last) {
  first = std::find_if(first, last, [](char32_t c) { return casing(c) != Casing::ignorable; });
  return first != last && casing(*first) == Casing::cased;
}

/// Python's str.lower(): a capital sigma that ends a word becomes the final one.
std::u32string lower(const std::u32string& text) {
  std::u32string out;
  out.reserve(text.size());
  for (auto at = text.begin(); at != text.end(); ++at) {
    if (*at == kCapitalSigma && meets_cased(std::make_reverse_iterator(at), text.rend()) &&
        !meets_cased(at + 1, text.end())) {
      out += kFinalSigma;
    } else {
      for (const char32_t c : python_lower(*at)) out += c;
    }
  }
  return out;
}

/// re.sub(r'\s([,.!?;:"](?:\s|$))', r'\1', text) as UTF-8.
std::string join_lone_punctuation(std::u32string_view text) {
  constexpr std::u32string_view kMarks = U",.!?;:\"";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool mark_follows = i + 1 < text.size() && kMarks.find(text[i + 1]) != kMarks.npos;
    const bool is_alone = i + 2 >= text.size() || is_python_space(text[i + 2]);
    if (!mark_follows || !is_alone || !is_python_space(text[i])) {
      append_utf8(out, text[i]);
      continue;
    }
    append_utf8(out, text[++i]);
    // The match takes the space behind the mark too, so that cannot begin the next match.
    if (i + 1 < text.size()) append_utf8(out, text[++i]);
  }
  return out;
}

/// text.replace("  ", " ")
std::string halve_spaces(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text.substr(i, 2) == "  ") ++i;
  }
  return out;
}

}  // namespace

std::string clean_caption(std::string_view text) {
  std::string out = halve_spaces(join_lone_punctuation(lower(decode(text))));
  constexpr std::string_view kRemoved = "(,.!?;:|*\")";
  std::replace_if(
      out.begin(), out.end(), [&](char c) { return kRemoved.find(c) != kRemoved.npos; }, ' ');
  return halve_spaces(out);
}

}  // namespace claptools
