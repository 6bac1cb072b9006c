#pragma once

#include <regex>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "claptools/families/synthetic_rules.hpp"

namespace claptools::testing {

/// The rules of the goldens of other families (goldens-families README, section 2).
/// @param mean of the first batch normalisation: M.
inline std::vector<SyntheticRule> family_rules(double mean) {
  const auto affine = [](const char* pattern, double a, double b = 0) {
    return SyntheticRule{std::regex(pattern), a, b, false};
  };
  const auto fan = [](const char* pattern, double gain) {
    return SyntheticRule{std::regex(pattern), 0, gain, true};
  };
  return {
      affine("logit_scale_a$", 2.75),
      affine("logit_scale_t$", 2.90625),
      affine("logit_scale$", 3),
      affine("^temp$", 0.0546875),
      affine("relative_position_bias_table$", 0, 2),
      affine(R"((bn0|batch_norm)\.running_mean$)", mean, 8),
      affine(R"((bn0|batch_norm)\.running_var$)", 500, 200),
      affine(R"((bn0|batch_norm)\.weight$)", 1, 0.125),
      affine(R"((bn0|batch_norm)\.bias$)", 0, 0.25),
      affine(R"((local_att\.[14]|global_att\.[25])\.running_mean$)", 0, 0.5),
      affine(R"((local_att\.[14]|global_att\.[25])\.running_var$)", 1, 0.5),
      affine(R"((local_att\.[14]|global_att\.[25])\.weight$)", 1, 0.25),
      affine(R"((word_embeddings|wte)\.weight$)", 0, 1),
      affine(R"((position_embeddings|wpe)\.weight$)", 0, 0.5),
      affine(R"(token_type_embeddings\.weight$)", 0, 0.25),
      affine(
          R"((layernorm_before|layernorm_after|layer_norm|LayerNorm|norm|norm1|norm2|ln_1|ln_2|ln_f)\.weight$)",
          1, 0.25),
      affine(R"(\.bias$)", 0, 0.125),
      fan(R"((qkv|query|key)\.weight$)", 1.25),
      fan(R"((c_attn|c_fc)\.weight$)", 2),
      fan(R"(\.weight$)", 1),
  };
}

/// Generated weights for all parameters that a model cannot do without.
inline WeightSet family_weights(std::span<const Parameter> parameters, double mean,
                                std::string_view salt) {
  const std::vector<SyntheticRule> rules = family_rules(mean);
  WeightSet weights;
  for (const Parameter& parameter : parameters) {
    if (!parameter.required) continue;
    if (auto bytes = synthetic_weight(parameter, rules, salt)) {
      weights.add(parameter.name, parameter.dtype, parameter.shape, std::move(*bytes));
    }
  }
  return weights;
}

}  // namespace claptools::testing
