#include "claptools/model/networks/mga_clap_network.hpp"

#include "claptools/families/mga_clap/architecture.hpp"
#include "claptools/families/mga_clap/parameters.hpp"
#include "claptools/model/networks/networks.hpp"

namespace claptools {
namespace {

/// Of the attention over frames or words; undefined for the mean.
at::Tensor load_query(const ParameterSource& parameters, const std::string& name) {
  return parameters.contains(name) ? parameters.get(name) : at::Tensor();
}

}  // namespace

MgaClapNetwork::MgaClapNetwork(const ModelConfig& config, const ParameterSource& parameters,
                               const at::Device& device, at::ScalarType precision)
    : temperature_(parameters.get("temp")),
      front_end_(config.audio, load_filters(parameters, mga_clap::kFilters, config.audio, device),
                 precision),
      audio_(parameters, mga_clap::kAudioTower, config.audio),
      text_(parameters, mga_clap::kTextTower, config.text),
      frame_projection_(parameters, "frame_proj"),
      word_projection_(parameters, "word_proj") {
  if (config.has_codebook()) {
    codebook_.emplace(parameters.get("codebook"), config.codebook_temperature);
    return;
  }
  frame_pooling_ = LocalPooling(load_query(parameters, "frame_pool.query"));
  word_pooling_ = LocalPooling(load_query(parameters, "word_pool.query"));
}

void MgaClapNetwork::prepare_audio(Precision precision) {
  const int frames = front_end_.config().frames();
  audio_.prepare(precision);
  frame_projection_.prepare(frames);
  if (codebook_) codebook_->prepare(frames);
}

void MgaClapNetwork::prepare_texts() {
  constexpr std::int64_t kWords = 256;  // of a batch of captions
  text_.prepare();
  word_projection_.prepare(kWords);
  if (codebook_) codebook_->prepare(kWords);
}

EncodedSide MgaClapNetwork::encode_audio(const at::Tensor& waveform, const TensorProbe& tap,
                                         TrainingPass* training) const {
  const at::Tensor log_mel = front_end_.log_mel(waveform, tap);
  if (tap) tap("log_mel", log_mel.unsqueeze(1));
  return encode_log_mel(log_mel, tap, training);
}

EncodedSide MgaClapNetwork::encode_log_mel(const at::Tensor& log_mel, const TensorProbe& tap,
                                           TrainingPass* training) const {
  const at::Tensor frames =
      frame_projection_(audio_.forward(log_mel, tap, training), tap, "frame_projection");
  if (tap) tap("frames", frames);
  if (!codebook_) return {{}, frames, {}, frame_pooling_(frames, {})};
  return {codebook_->affinity(frames, {}), frames, {}, {}};
}

at::Tensor MgaClapNetwork::text_states(const at::Tensor& ids, const at::Tensor& attention,
                                       const TensorProbe& tap, TrainingPass* training) const {
  return text_.forward(ids, attention, tap, training);
}

EncodedSide MgaClapNetwork::encode_text(const at::Tensor& ids, const at::Tensor& attention,
                                        const at::Tensor& word_mask, const TensorProbe& tap,
                                        TrainingPass* training) const {
  return encode_states(text_states(ids, attention, tap, training), word_mask, tap);
}

EncodedSide MgaClapNetwork::encode_states(const at::Tensor& states, const at::Tensor& word_mask,
                                          const TensorProbe& tap) const {
  const at::Tensor words =
      word_projection_(states.narrow(1, 1, states.size(1) - 1), tap, "word_projection");
  if (tap) tap("words", words);
  if (!codebook_) return {{}, words, word_mask, word_pooling_(words, word_mask)};
  return {codebook_->affinity(words, word_mask), words, word_mask, {}};
}

at::Tensor MgaClapNetwork::embed(const EncodedSide& encoded, const TensorProbe& tap) const {
  return codebook_ ? codebook_->mix(encoded.affinity, tap) : unit_rows(encoded.pooled);
}

AudioTensors MgaClapNetwork::finish(const EncodedSide& encoded) const {
  return {embed(encoded), encoded.affinity, encoded.locals};
}

AudioTensors MgaClapNetwork::embed_audio(const at::Tensor& waveforms) const {
  return finish(encode_audio(waveforms));
}

AudioTensors MgaClapNetwork::embed_log_mels(const at::Tensor& log_mels) const {
  return finish(encode_log_mel(log_mels));
}

at::Tensor MgaClapNetwork::embed_texts(const TextBatch& texts) const {
  return embed(encode_text(texts.ids, texts.attention, texts.words));
}

void MgaClapNetwork::prepare(Workload workload, Precision precision) {
  if (workload == Workload::audio || precision != Precision::fp32) prepare_audio(precision);
  if (workload == Workload::texts) prepare_texts();
}

at::Tensor MgaClapNetwork::mix(const at::Tensor& affinities) const {
  return codebook_->mix(affinities);
}

CodeTensors MgaClapNetwork::codes(const EncodedSide& encoded) const {
  return {encoded.affinity, codebook_->local_affinity(encoded.locals, encoded.mask)[0]};
}

CodeTensors MgaClapNetwork::audio_codes(const at::Tensor& clip) const {
  return codes(encode_audio(clip));
}

CodeTensors MgaClapNetwork::text_codes(const TextBatch& text) const {
  return codes(encode_text(text.ids, text.attention, text.words));
}

at::Tensor MgaClapNetwork::log_mel(const at::Tensor& waveforms) const {
  return front_end_.log_mel(waveforms, {});
}

at::Tensor MgaClapNetwork::embed_audio(const at::Tensor& waveforms, TrainingPass* training) const {
  return embed(encode_audio(waveforms, {}, training));
}

at::Tensor MgaClapNetwork::text_states(const TextBatch& texts, TrainingPass* training) const {
  return text_states(texts.ids, texts.attention, {}, training);
}

at::Tensor MgaClapNetwork::embed_text_states(const at::Tensor& states,
                                             const at::Tensor& words) const {
  return embed(encode_states(states, words));
}

namespace mga_clap {
namespace {

std::unique_ptr<Network> for_inference(const Architecture& architecture,
                                       const ParameterSource& parameters,
                                       const at::Device& device) {
  return std::make_unique<MgaClapNetwork>(config_of(architecture), parameters, device, at::kFloat);
}

/// A Fourier transform in double halves the distance of losses from the official ones; a GPU is
/// slow at it.
std::unique_ptr<TrainableNetwork> for_training(const Architecture& architecture,
                                               const ParameterSource& parameters,
                                               const at::Device& device) {
  return std::make_unique<MgaClapNetwork>(config_of(architecture), parameters, device,
                                          device.is_cpu() ? at::kDouble : at::kFloat);
}

}  // namespace

extern const NetworkMaker kNetwork;
const NetworkMaker kNetwork = {for_inference, for_training};

}  // namespace mga_clap

}  // namespace claptools
