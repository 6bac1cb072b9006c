#include "claptools/core/strings/suggest.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "claptools/core/strings/ascii.hpp"
#include "claptools/core/strings/join.hpp"

namespace claptools {
namespace {

constexpr std::size_t kLongestWord = 64;  // longer ones are no slip; the time grows with the square

/// Optimal string alignment: Levenshtein's distance with exchanged neighbours.
std::size_t slips(std::string_view a, std::string_view b) {
  std::vector<std::size_t> last, before(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) before[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = ascii_lower(a[i - 1]) == ascii_lower(b[j - 1]);
      row[j] = std::min({before[j] + 1, row[j - 1] + 1, before[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && ascii_lower(a[i - 1]) == ascii_lower(b[j - 2]) &&
          ascii_lower(a[i - 2]) == ascii_lower(b[j - 1]))
        row[j] = std::min(row[j], last[j - 2] + 1);
    }
    last = std::exchange(before, row);
  }
  return before[b.size()];
}

}  // namespace

std::string nearest_word(std::string_view word, std::span<const std::string> known) {
  if (word.size() > kLongestWord) return {};
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string nearest;
  for (const std::string& other : known) {
    if (other.size() > kLongestWord) continue;
    const std::size_t count = slips(word, other);
    if (count >= least || count >= other.size()) continue;
    least = count;
    nearest = other;
  }
  return nearest;
}

std::string not_one_of(std::string_view word, std::span<const std::string> known) {
  const std::string text = "'" + std::string(word) + "' is not one of " + join(known, ", ");
  const std::string nearest = nearest_word(word, known);
  return nearest.empty() ? text : text + "; did you mean '" + nearest + "'?";
}

}  // namespace claptools
