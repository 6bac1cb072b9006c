#pragma once

#include <regex>
#include <string>
#include <utility>

namespace claptools::testing {

/// The goldens' name of what a TensorProbe saw. They number the steps of the official code.
/// @param side of the goldens: "audio" or "text".
inline std::string golden_name(const std::string& probed, const std::string& side) {
  if (probed == "mixture") return "32_" + side + "_embed_raw";
  if (probed == "embedding") return "33_" + side + "_embed";
  static const std::pair<std::regex, const char*> kNames[] = {
      {std::regex("stft_power"), "01_stft_power"},
      {std::regex("log_mel"), "02_logmel"},
      {std::regex("normalised"), "03_bn0"},
      {std::regex("stretched"), "04_bicubic"},
      {std::regex("image"), "05_img"},
      {std::regex("patches"), "06_patch_embed"},
      {std::regex(R"(stage(\d)\.block(\d))"), "1$1_stage$1_block$2_x"},
      {std::regex(R"(stage(\d)\.block(\d)\.values)"), "1$1_stage$1_block$2_v"},
      {std::regex(R"(stage(\d)\.attention)"), "1$1_stage$1_attn_mean"},
      {std::regex(R"(stage(\d))"), "1$1_stage$1_x"},
      {std::regex("tokens"), "13_stage3_v"},
      {std::regex("normalised_tokens"), "20_norm_v"},
      {std::regex("frame_features"), "22_frame_feats"},
      {std::regex(R"(frame_projection\.(\d))"), "23_frame_proj_$1"},
      {std::regex("frames"), "24_frame_embeds"},
      {std::regex("token_embeddings"), "10_bert_embeddings"},
      {std::regex(R"(layer(\d))"), "11_bert_layer0$1"},
      {std::regex(R"(layer(\d\d))"), "11_bert_layer$1"},
      {std::regex("token_states"), "12_bert_last_hidden"},
      {std::regex(R"(word_projection\.(\d))"), "20_word_proj_$1"},
      {std::regex("words"), "21_word_embeds"},
      {std::regex("affinity"), "30_affinity"},
      {std::regex("codeword_weights"), "31_sparsemax"},
  };
  for (const auto& [pattern, name] : kNames)
    if (std::regex_match(probed, pattern)) return std::regex_replace(probed, pattern, name);
  return probed;
}

}  // namespace claptools::testing
