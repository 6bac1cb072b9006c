#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "mgaclap/engine/model.hpp"

namespace mgaclap {

/// One model on several devices (`cuda:all`): every call goes to the one with the fewest calls in
/// hand.
class Replicas : public Model {
 public:
  /// @param models the same on different devices, at least one.
  explicit Replicas(std::vector<std::unique_ptr<Model>> models);

  const ModelConfig& config() const override { return models_[0]->config(); }
  std::string device() const override;
  std::size_t usual_batch() const override;
  std::size_t devices() const override { return models_.size(); }
  AudioEmbeddings embed_audio(std::span<const std::span<const float>> clips,
                              const AudioOutputs& outputs) const override;
  Matrix embed_texts(std::span<const std::string> texts) const override;
  Matrix pool(MatrixView affinities) const override;
  CodeUse audio_codes(std::span<const float> clip) const override;
  CodeUse text_codes(const std::string& text) const override;
  Matrix codewords() const override { return models_[0]->codewords(); }
  Matrix log_mel(std::span<const float> clip) const override;

 private:
  template <class Call>
  auto with_idlest(Call call) const;

  std::vector<std::unique_ptr<Model>> models_;
  mutable std::vector<std::atomic<int>> calls_;  ///< in hand
};

}  // namespace mgaclap
