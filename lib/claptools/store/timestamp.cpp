#include "claptools/store/timestamp.hpp"

#include <array>
#include <cstdlib>
#include <ctime>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"

namespace claptools {
namespace {

constexpr const char* kVariable = "SOURCE_DATE_EPOCH";
constexpr std::time_t kLast = 253402300799;  // 9999-12-31T23:59:59Z

std::time_t parse_epoch(const char* text) {
  const auto seconds = parse<std::time_t>(text);
  if (seconds && *seconds >= 0 && *seconds <= kLast) return *seconds;
  throw Error(Fault::usage, kVariable, "not a number of seconds since 1970");
}

}  // namespace

std::string utc_timestamp() {
  const char* fixed = std::getenv(kVariable);
  const std::time_t seconds = fixed != nullptr ? parse_epoch(fixed) : std::time(nullptr);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

std::optional<std::int64_t> parse_timestamp(const std::string& text) {
  std::tm parts{};
  const char* const end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return std::int64_t{::timegm(&parts)} * 1'000'000'000;
}

}  // namespace claptools
