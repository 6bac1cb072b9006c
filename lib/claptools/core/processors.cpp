#include "claptools/core/processors.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr const char* kVariable = "CLAP_ISA";
constexpr std::array<std::string_view, 3> kNames = {"baseline", "avx2", "avx512"};

Instructions of_this_processor() {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("f16c") && __builtin_cpu_supports("bmi2");
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl");
  if (avx2 && avx512) return Instructions::avx512;
  if (avx2) return Instructions::avx2;
#endif
  return Instructions::baseline;
}

}  // namespace

std::optional<Instructions> named_instructions() {
  const char* const word = std::getenv(kVariable);
  if (!word || !*word) return std::nullopt;
  const auto at = std::ranges::find(kNames, std::string_view(word));
  if (at == kNames.end())
    throw Error(Fault::usage, kVariable,
                "is '" + std::string(word) + "', not baseline, avx2 or avx512");
  const auto named = static_cast<Instructions>(at - kNames.begin());
  if (named <= of_this_processor()) return named;
  throw Error(Fault::unavailable, kVariable, "this processor has no " + std::string(word));
}

Instructions usable_instructions() {
  static const Instructions chosen = named_instructions().value_or(of_this_processor());
  return chosen;
}

}  // namespace claptools
