#include "claptools/families/mga_clap/synthetic.hpp"

#include "claptools/families/mga_clap/derived_weights.hpp"
#include "claptools/families/mga_clap/parameters.hpp"
#include "claptools/families/synthetic_rules.hpp"

namespace claptools {
namespace {

/// The rules of the goldens' table in its order, without the two that keep the real value.
std::vector<SyntheticRule> make_rules(double gain) {
  const auto affine = [](const char* pattern, double a, double b) {
    return SyntheticRule{std::regex(pattern), a, b, false};
  };
  const auto fan = [](const char* pattern, double g) {
    return SyntheticRule{std::regex(pattern), 0, g, true};
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
    if (auto weight = synthetic_weight(parameter, rules, salt)) {
      weights.add(parameter.name, parameter.dtype, parameter.shape, std::move(*weight));
    }
  }
  return weights;
}

}  // namespace claptools
