#include "claptools/model/device/replicas.hpp"

#include <algorithm>
#include <utility>

#include "claptools/core/strings/join.hpp"

namespace claptools {

Replicas::Replicas(std::vector<std::unique_ptr<Model>> models)
    : models_(std::move(models)), calls_(models_.size()) {}

std::string Replicas::device() const {
  return join(models_, " ", [](const auto& model) { return model->device(); });
}

std::size_t Replicas::preferred_batch() const {
  std::size_t least = models_[0]->preferred_batch();
  for (const auto& model : models_) least = std::min(least, model->preferred_batch());
  return least;
}

template <class Call>
auto Replicas::with_idlest(Call call) const {
  // Two threads may choose the same one; the next choice makes up for it.
  const auto idlest = std::ranges::min_element(calls_, {}, [](const auto& n) { return n.load(); });
  struct InHand {
    std::atomic<int>& calls;
    explicit InHand(std::atomic<int>& n) : calls(n) { ++calls; }
    ~InHand() { --calls; }
  } const in_hand(*idlest);
  return call(*models_[static_cast<std::size_t>(idlest - calls_.begin())]);
}

AudioEmbeddings Replicas::embed_audio(std::span<const std::span<const float>> clips,
                                      const AudioOutputs& outputs) const {
  return with_idlest([&](const Model& model) { return model.embed_audio(clips, outputs); });
}

Matrix Replicas::embed_texts(std::span<const std::string> texts) const {
  return with_idlest([&](const Model& model) { return model.embed_texts(texts); });
}

Matrix Replicas::pool(MatrixView affinities) const {
  return with_idlest([&](const Model& model) { return model.codebook()->pool(affinities); });
}

CodewordMixture Replicas::audio_codes(std::span<const float> clip) const {
  return with_idlest([&](const Model& model) { return model.codebook()->audio_codes(clip); });
}

CodewordMixture Replicas::text_codes(const std::string& text) const {
  return with_idlest([&](const Model& model) { return model.codebook()->text_codes(text); });
}

Matrix Replicas::log_mel(std::span<const float> clip) const {
  return with_idlest([&](const Model& model) { return model.spectrograms()->log_mel(clip); });
}

Matrix Replicas::join_views(MatrixView whole) const {
  return with_idlest([&](const Model& model) { return model.spectrograms()->join_views(whole); });
}

AudioEmbeddings Replicas::embed_log_mels(std::span<const MatrixView> log_mels,
                                         const AudioOutputs& outputs) const {
  return with_idlest(
      [&](const Model& model) { return model.spectrograms()->embed_log_mels(log_mels, outputs); });
}

}  // namespace claptools
