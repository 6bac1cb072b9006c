#include "claptools/families/synthetic_rules.hpp"

#include <cmath>
#include <cstring>
#include <string>

#include "claptools/core/random.hpp"

namespace claptools {
namespace {

/// In [-1, 1), of 24 bits, as the goldens have it.
double uniform(Random& random) {
  return (static_cast<double>(random.next() >> 40) - 8388608.0) * 0x1p-23;
}

std::vector<std::byte> generate(const Parameter& parameter, const SyntheticRule& rule,
                                std::string_view salt) {
  Random random(hash_text("mga-synth-1/" + std::string(salt) + "/" + parameter.name));
  std::size_t count = 1;
  for (const auto size : parameter.shape) count *= static_cast<std::size_t>(size);
  double scale = static_cast<float>(rule.scale);
  if (rule.fan) {
    const double fan_in = static_cast<double>(count) / static_cast<double>(parameter.shape[0]);
    scale = static_cast<float>(rule.scale * std::sqrt(3.0 / fan_in));
  }
  const double offset = static_cast<float>(rule.offset);
  std::vector<std::byte> bytes(count * sizeof(float));
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<float>(offset + scale * uniform(random));
    std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
  }
  return bytes;
}

}  // namespace

std::optional<std::vector<std::byte>> synthetic_weight(const Parameter& parameter,
                                                       std::span<const SyntheticRule> rules,
                                                       std::string_view salt) {
  for (const SyntheticRule& rule : rules) {
    if (std::regex_search(parameter.name, rule.pattern)) return generate(parameter, rule, salt);
  }
  return std::nullopt;
}

}  // namespace claptools
