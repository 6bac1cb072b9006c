#include "claptools/audio/stream_choice.hpp"

#include <algorithm>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"

namespace claptools {

StreamChoice parse_stream_choice(std::string_view word) {
  constexpr int kMax = 9999;
  if (word == "best") return {};
  const auto number = parse<int>(word);
  if (number && *number >= 0 && *number <= kMax) return {.number = *number};
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (word.size() >= 2 && word.size() <= 3 && std::ranges::all_of(word, is_letter))
    return {.language = std::string(word)};
  throw Error(Fault::usage, "`stream`",
              "'" + std::string(word) + "' is not best, a number from 0, or a language (eng)");
}

}  // namespace claptools
