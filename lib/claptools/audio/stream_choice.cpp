#include "claptools/audio/stream_choice.hpp"

#include <algorithm>
#include <charconv>

#include "claptools/core/error.hpp"

namespace claptools {

StreamChoice parse_stream_choice(std::string_view word) {
  constexpr int kMax = 9999;
  if (word == "best") return {};
  int number = 0;
  const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (code == std::errc() && end == word.data() + word.size() && number >= 0 && number <= kMax)
    return {.number = number};
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (word.size() >= 2 && word.size() <= 3 && std::ranges::all_of(word, is_letter))
    return {.language = std::string(word)};
  throw Error(Fault::usage, "--stream",
              "'" + std::string(word) + "' is not best, a number from 0, or a language (eng)");
}

}  // namespace claptools
