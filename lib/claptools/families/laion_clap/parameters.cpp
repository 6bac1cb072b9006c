#include "claptools/families/laion_clap/parameters.hpp"

#include <array>

#include "claptools/families/tower_parameters.hpp"

namespace claptools::laion_clap {
namespace {

struct Renaming {
  std::string_view ours, theirs;
};

/// Parts of names from laion-clap to transformers. @return whether it was there.
bool replace(std::string& name, const Renaming& renaming) {
  const auto at = name.find(renaming.ours);
  if (at == std::string::npos) return false;
  name.replace(at, renaming.ours.size(), renaming.theirs);
  return true;
}

std::vector<std::string> transformers_names(std::string name) {
  constexpr std::array kMissing = {"spectrogram_extractor.",
                                   "logmel_extractor.",
                                   ".attn_mask",
                                   "tscam_conv.",
                                   ".head.",
                                   "_transform."};
  for (const char* part : kMissing) {
    if (name.find(part) != std::string::npos) return {};
  }
  constexpr std::array<Renaming, 11> kRenamings = {{
      {"audio_branch.bn0.", "audio_branch.batch_norm."},
      {"audio_branch.", "audio_model.audio_encoder."},
      {"text_branch.", "text_model."},
      {".norm1.", ".layernorm_before."},
      {".norm2.", ".layernorm_after."},
      {".attn.proj.", ".attention.output.dense."},
      {".attn.", ".attention.self."},
      {".mlp.fc1.", ".intermediate.dense."},
      {".mlp.fc2.", ".output.dense."},
      {"_projection.0.", "_projection.linear1."},
      {"_projection.2.", "_projection.linear2."},
  }};
  for (const Renaming& renaming : kRenamings) replace(name, renaming);
  constexpr std::string_view kJoined = ".qkv.";
  const auto at = name.find(kJoined);
  if (at == std::string::npos) return {name};
  std::vector<std::string> parts;
  for (const char* part : {".query.", ".key.", ".value."}) {
    parts.push_back(std::string(name).replace(at, kJoined.size(), part));
  }
  return parts;
}

/// Attentional fusion of a whole recording's view and its parts'.
void list_fusion(ParameterLister& list, const Config& config) {
  const std::string patch = std::string(kAudioTower) + "patch_embed.";
  const std::int64_t width = config.audio.stem_channels, size = config.audio.patch_size,
                     inner = width / config.fusion_reduction;
  const auto convolution = [&](const std::string& name, std::int64_t out, std::int64_t in,
                               std::int64_t rows, std::int64_t columns) {
    list.add(patch + name + ".weight", {out, in, rows, columns});
    list.add(patch + name + ".bias", {out});
  };
  convolution("mel_conv2d", width, 1, size, 3 * size);
  const auto attention = [&](const std::string& name, int first) {
    const auto part = [&](int i) { return name + std::to_string(first + i); };
    convolution(part(0), inner, width, 1, 1);
    list.batch_norm(patch + part(1), inner);
    convolution(part(3), width, inner, 1, 1);
    list.batch_norm(patch + part(4), width);
  };
  attention("fusion_model.local_att.", 0);
  attention("fusion_model.global_att.", 1);  // after a mean over the map
}

void list_heads(ParameterLister& list, const Config& config) {
  const std::int64_t dim = config.embed_dim;
  list_relu_head(list, "audio_projection", config.audio.width(), dim);
  list_relu_head(list, "text_projection", config.text.hidden_size, dim);
  for (const std::string name : {"audio_transform", "text_transform"}) {
    for (const char* layer : {".sequential.0", ".sequential.3"}) {
      list.unused(name + layer + ".weight", {dim, dim});
      list.unused(name + layer + ".bias", {dim});
    }
  }
}

std::vector<Parameter> own_parameters(const Config& config) {
  ParameterLister list;
  list.add("logit_scale_a", {});
  list.add("logit_scale_t", {});
  list.enter(Tower::audio);
  list_front_end(list, std::string(kAudioTower) + "spectrogram_extractor.",
                 std::string(kAudioTower) + "logmel_extractor.melW", config.audio);
  list_htsat(list, kAudioTower, config.audio);
  if (config.fusion) list_fusion(list, config);
  list.enter(Tower::text);
  list_bert(list, kTextTower, config.text);
  const std::string text = kTextTower;
  list.derived(text + "embeddings.token_type_ids", {1, config.text.max_position_embeddings},
               DType::i64);
  list.linear(text + "pooler.dense", config.text.hidden_size, config.text.hidden_size);
  list.enter(Tower::none);
  list_heads(list, config);
  return list.take();
}

}  // namespace

std::vector<std::string> file_names(Layout layout, const std::string& name) {
  return layout == Layout::laion ? std::vector{name} : transformers_names(name);
}

std::vector<Parameter> model_parameters(const Config& config) {
  std::vector<Parameter> own = own_parameters(config), parameters;
  for (const Parameter& parameter : own) {
    const std::vector<std::string> names = file_names(config.layout, parameter.name);
    for (const std::string& name : names) {
      parameters.push_back(parameter);
      parameters.back().name = name;
      if (names.size() > 1) {
        parameters.back().shape[0] /= static_cast<std::int64_t>(names.size());
      }
    }
  }
  return parameters;
}

Config infer_config(const WeightSet& weights, const Config& base, std::string_view subject) {
  Config config = base;
  const WeightShapes shapes(weights, subject);
  const std::string audio = kAudioTower, transform = "spectrogram_extractor.stft.conv_real.weight";
  infer_htsat(config.audio, kAudioTower, shapes);
  if (shapes.find(audio + transform)) config.audio.n_fft = shapes.size(audio + transform, 2);
  infer_bert(config.text, kTextTower, shapes);
  config.embed_dim = shapes.size("audio_projection.2.weight", 0);
  const std::string inner = audio + "patch_embed.fusion_model.local_att.0.weight";
  config.fusion = shapes.find(inner) != nullptr;
  if (config.fusion) {
    config.audio.mel_filters = MelFilters::htk;
    config.fusion_reduction = config.audio.stem_channels / std::max(shapes.size(inner, 0), 1);
  }
  return config;
}

}  // namespace claptools::laion_clap
