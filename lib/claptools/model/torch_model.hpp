#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "claptools/engine/model.hpp"
#include "claptools/model/device/batch_limit.hpp"
#include "claptools/model/device/graphed_encoder.hpp"
#include "claptools/model/network.hpp"

namespace claptools {

/// Model on LibTorch: what the plug-in hands out.
class TorchModel : public Model, Codebook, Spectrograms {
 public:
  /// @param options of one device. @throws Error as Model::load.
  TorchModel(ModelFiles files, const ModelOptions& options, const Log& log);
  TorchModel(const TorchModel&) = delete;  // a part points to the whole
  TorchModel& operator=(const TorchModel&) = delete;

  const ModelSpec& spec() const override { return spec_; }
  std::string device() const override { return device_.str(); }
  std::size_t preferred_batch() const override { return usual_batch_; }
  AudioEmbeddings embed_audio(std::span<const std::span<const float>> clips,
                              const AudioOutputs& outputs) const override;
  Matrix embed_texts(std::span<const std::string> texts) const override;
  const Codebook* codebook() const override { return network_->codebook() ? this : nullptr; }
  const Spectrograms* spectrograms() const override {
    return network_->log_mels() ? this : nullptr;
  }

 private:
  // Codebook
  Matrix codewords() const override;
  CodewordMixture audio_codes(std::span<const float> clip) const override;
  CodewordMixture text_codes(const std::string& text) const override;
  Matrix pool(MatrixView affinities) const override;
  // Spectrograms
  MelBands bands() const override;
  Matrix log_mel(std::span<const float> clip) const override;
  AudioEmbeddings embed_log_mels(std::span<const MatrixView> log_mels,
                                 const AudioOutputs& outputs) const override;
  Matrix join_views(MatrixView whole) const override;
  bool are_cheap() const override { return device_.is_cpu(); }

  void check_clips(std::span<const std::span<const float>> clips) const;
  TextBatch batch_of(std::span<const std::string> texts) const;
  /// A batch in the processor's memory of the inputs of these numbers, all of one length.
  using Gather = std::function<at::Tensor(std::span<const std::size_t> inputs)>;
  enum class Input { waveform, log_mel };
  at::Tensor empty_batch(std::vector<std::int64_t> shape) const;
  AudioTensors encode(const at::Tensor& batch, Input kind) const;
  AudioEmbeddings embed_batches(std::span<const std::size_t> lengths, const Gather& gather,
                                Input kind, const AudioOutputs& outputs) const;
  void embed_batch(std::span<const std::size_t> inputs, const Gather& gather, Input kind,
                   const AudioOutputs& outputs, AudioEmbeddings& result) const;

  ModelSpec spec_;
  at::Device device_;
  Precision precision_;
  std::unique_ptr<Tokenizer> tokenizer_;
  std::unique_ptr<Network> network_;
  std::size_t usual_batch_;
  mutable BatchLimit limit_;
  mutable GraphedEncoder encoder_;  ///< of waveforms
};

}  // namespace claptools
