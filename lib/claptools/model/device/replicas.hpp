#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "claptools/engine/model.hpp"

namespace claptools {

/// One model on several devices (`cuda:all`): every call goes to the one with the fewest calls
/// under way.
class Replicas : public Model, Codebook, Spectrograms {
 public:
  /// @param models the same on different devices, at least one.
  explicit Replicas(std::vector<std::unique_ptr<Model>> models);

  const ModelSpec& spec() const override { return models_[0]->spec(); }
  std::string device() const override;
  std::size_t preferred_batch() const override;
  std::size_t devices() const override { return models_.size(); }
  AudioEmbeddings embed_audio(std::span<const std::span<const float>> clips,
                              const AudioOutputs& outputs) const override;
  Matrix embed_texts(std::span<const std::string> texts) const override;
  const Codebook* codebook() const override { return models_[0]->codebook() ? this : nullptr; }
  const Spectrograms* spectrograms() const override {
    return models_[0]->spectrograms() ? this : nullptr;
  }

 private:
  // Codebook
  Matrix codewords() const override { return models_[0]->codebook()->codewords(); }
  CodewordMixture audio_codes(std::span<const float> clip) const override;
  CodewordMixture text_codes(const std::string& text) const override;
  Matrix pool(MatrixView affinities) const override;
  // Spectrograms
  MelBands bands() const override { return models_[0]->spectrograms()->bands(); }
  Matrix log_mel(std::span<const float> clip) const override;
  AudioEmbeddings embed_log_mels(std::span<const MatrixView> log_mels,
                                 const AudioOutputs& outputs) const override;
  Matrix join_views(MatrixView whole) const override;
  bool are_cheap() const override { return models_[0]->spectrograms()->are_cheap(); }

  template <class Call>
  auto with_idlest(Call call) const;

  std::vector<std::unique_ptr<Model>> models_;
  mutable std::vector<std::atomic<int>> calls_;  ///< calls under way
};

}  // namespace claptools
