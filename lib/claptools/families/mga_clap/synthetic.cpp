#include "claptools/families/mga_clap/synthetic.hpp"

#include <cmath>
#include <cstring>
#include <optional>
#include <regex>

#include "claptools/core/random.hpp"
#include "claptools/families/mga_clap/derived_weights.hpp"
#include "claptools/families/mga_clap/parameters.hpp"

namespace claptools {
namespace {

/// value = offset + scale * x, where `fan` first turns the scale (a gain) into gain * sqrt(3 /
/// fan_in).
struct Rule {
  std::regex pattern;
  double offset, scale;
  bool fan = false;
};

/// The rules of the goldens' table in its order, without the two that keep the real value.
std::vector<Rule> make_rules(double gain) {
  const auto affine = [](const char* pattern, double a, double b) {
    return Rule{std::regex(pattern), a, b, false};
  };
  const auto fan = [](const char* pattern, double g) {
    return Rule{std::regex(pattern), 0, g, true};
  };
  return {
      affine("^temp$", 0.0546875, 0),
      affine("^codebook$", 0, 1.75),
      affine("relative_position_bias_table$", 0, 2),
      affine(R"(bn0\.running_mean$)", -45, 8),
      affine(R"(bn0\.running_var$)", 500, 200),
      affine(R"(bn0\.weight$)", 1, 0.125),
      affine(R"(bn0\.bias$)", 0, 0.25),
      affine(R"(word_embeddings\.weight$)", 0, 1),
      affine(R"(position_embeddings\.weight$)", 0, 0.5),
      affine(R"(token_type_embeddings\.weight$)", 0, 0.25),
      affine(
          R"((patch_embed\.norm|LayerNorm|norm|norm1|norm2|frame_proj\.[03]|word_proj\.[03])\.weight$)",
          1, 0.25),
      affine(R"(\.bias$)", 0, 0.125),
      fan(R"((frame|word)_proj\.4\.weight$)", gain),
      fan(R"((qkv|query|key)\.weight$)", 1.25),
      fan(R"((tscam_conv|audio_enc\.head)\.weight$)", 1),
      fan(R"(\.weight$)", 1),
  };
}

/// In [-1, 1), of 24 bits, as the goldens have it.
double uniform(Random& random) {
  return (static_cast<double>(random.next() >> 40) - 8388608.0) * 0x1p-23;
}

std::vector<std::byte> generate(const Parameter& parameter, const Rule& rule,
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

WeightSet synthetic_weights(const ModelConfig& config, std::string_view salt,
                            double projection_gain) {
  const auto rules = make_rules(projection_gain);
  WeightSet weights;
  for (const Parameter& parameter : model_parameters(config)) {
    if (auto buffer = official_buffer(config, parameter)) {
      weights.add(parameter.name, parameter.dtype, parameter.shape, std::move(*buffer));
      continue;
    }
    for (const Rule& rule : rules) {
      if (!std::regex_search(parameter.name, rule.pattern)) continue;
      weights.add(parameter.name, parameter.dtype, parameter.shape,
                  generate(parameter, rule, salt));
      break;
    }
  }
  return weights;
}

}  // namespace claptools
