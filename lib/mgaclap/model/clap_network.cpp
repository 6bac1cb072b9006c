#include "mgaclap/model/clap_network.hpp"

#include <ATen/ops/tensor.h>

#include "mgaclap/model/device_parameters.hpp"
#include "mgaclap/families/mga_clap/buffers.hpp"

namespace mgaclap {
namespace {

/// The checkpoint's mel filters, or those that follow from the config if it has none.
at::Tensor load_filters(const ParameterSource& parameters, const AudioConfig& config,
                        const at::Device& device) {
  constexpr const char* kName = "audio_encoder.audio_enc.audio_feats_extractor.log_trans.melW";
  if (parameters.contains(kName)) return parameters.get(kName);
  const std::vector<float> filters = mel_filters(config);
  return at::tensor(at::ArrayRef<float>(filters))
      .view({config.n_fft / 2 + 1, config.n_mels})
      .to(device);
}

/// Of the attention over frames or words; undefined for the mean.
at::Tensor load_query(const ParameterSource& parameters, const std::string& name) {
  return parameters.contains(name) ? parameters.get(name) : at::Tensor();
}

}  // namespace

ClapNetwork::ClapNetwork(const ModelConfig& config, std::shared_ptr<const WeightSet> weights,
                         const at::Device& device)
    : ClapNetwork(config, DeviceParameters(std::move(weights), device), device, at::kFloat) {}

ClapNetwork::ClapNetwork(const ModelConfig& config, const ParameterSource& parameters,
                         const at::Device& device, at::ScalarType precision)
    : frames_(config.audio.frames()),
      log_mel_(config.audio, load_filters(parameters, config.audio, device), precision),
      audio_(parameters, config.audio),
      text_(parameters, config.text),
      frame_projection_(parameters, "frame_proj"),
      word_projection_(parameters, "word_proj") {
  if (config.has_codebook()) {
    codebook_.emplace(parameters.get("codebook"), config.codebook_temperature);
    return;
  }
  frame_pooling_ = LocalPooling(load_query(parameters, "frame_pool.query"));
  word_pooling_ = LocalPooling(load_query(parameters, "word_pool.query"));
}

void ClapNetwork::prepare_audio(Precision precision) {
  audio_.prepare(precision);
  frame_projection_.prepare(frames_);
  if (codebook_) codebook_->prepare(frames_);
}

void ClapNetwork::prepare_texts() {
  constexpr std::int64_t kWords = 256;  // of a batch of captions
  text_.prepare();
  word_projection_.prepare(kWords);
  if (codebook_) codebook_->prepare(kWords);
}

Encoded ClapNetwork::encode_audio(const at::Tensor& waveform, const Tap& tap,
                                  TrainingPass* training) const {
  const at::Tensor power = log_mel_.power(waveform);
  if (tap) tap("01_stft_power", power.unsqueeze(1));
  const at::Tensor log_mel = log_mel_.log_mel(power);
  if (tap) tap("02_logmel", log_mel.unsqueeze(1));
  return encode_log_mel(log_mel, tap, training);
}

Encoded ClapNetwork::encode_log_mel(const at::Tensor& log_mel, const Tap& tap,
                                    TrainingPass* training) const {
  const at::Tensor frames =
      frame_projection_(audio_.forward(log_mel, tap, training), tap, "23_frame_proj");
  if (tap) tap("24_frame_embeds", frames);
  if (!codebook_) return {{}, frames, {}, frame_pooling_(frames, {})};
  return {codebook_->affinity(frames, {}), frames, {}, {}};
}

at::Tensor ClapNetwork::text_states(const at::Tensor& ids, const at::Tensor& attention,
                                    const Tap& tap, TrainingPass* training) const {
  return text_.forward(ids, attention, tap, training);
}

Encoded ClapNetwork::encode_text(const at::Tensor& ids, const at::Tensor& attention,
                                 const at::Tensor& word_mask, const Tap& tap,
                                 TrainingPass* training) const {
  return encode_states(text_states(ids, attention, tap, training), word_mask, tap);
}

Encoded ClapNetwork::encode_states(const at::Tensor& states, const at::Tensor& word_mask,
                                   const Tap& tap) const {
  const at::Tensor words =
      word_projection_(states.narrow(1, 1, states.size(1) - 1), tap, "20_word_proj");
  if (tap) tap("21_word_embeds", words);
  if (!codebook_) return {{}, words, word_mask, word_pooling_(words, word_mask)};
  return {codebook_->affinity(words, word_mask), words, word_mask, {}};
}

at::Tensor ClapNetwork::embed(const Encoded& encoded, const Tap& tap, const char* prefix) const {
  return codebook_ ? codebook_->mix(encoded.affinity, tap, prefix) : unit_rows(encoded.pooled);
}

}  // namespace mgaclap
