#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>

#include "mgaclap/engine/model.hpp"
#include "mgaclap/model/clap_network.hpp"
#include "mgaclap/text/wordpiece_tokenizer.hpp"

namespace mgaclap {

/// Model on LibTorch: what the plug-in hands out.
class TorchModel : public Model {
 public:
  /// @throws Error as Model::load.
  TorchModel(ModelFiles files, const ModelOptions& options, const Log& log);

  const ModelConfig& config() const override { return config_; }
  std::string device() const override { return device_.str(); }
  AudioEmbeddings embed_audio(std::span<const std::span<const float>> clips,
                              const AudioOutputs& outputs) const override;
  AudioEmbeddings embed_log_mels(std::span<const MatrixView> log_mels,
                                 const AudioOutputs& outputs) const override;
  bool takes_log_mels() const override { return device_.is_cpu(); }
  Matrix embed_texts(std::span<const std::string> texts) const override;
  Matrix pool(MatrixView affinities) const override;
  CodeUse audio_codes(std::span<const float> clip) const override;
  CodeUse text_codes(const std::string& text) const override;
  Matrix codewords() const override;
  Matrix log_mel(std::span<const float> clip) const override;

 private:
  void check_clips(std::span<const std::span<const float>> clips) const;
  /// @throws Error{data} if the model has none.
  const SharedCodebook& codebook() const;
  Encoded encode_texts(std::span<const std::string> texts) const;
  CodeUse code_use(const Encoded& encoded) const;
  /// Encodes the inputs of these numbers, all of one length.
  using Encode = std::function<Encoded(std::span<const std::size_t> inputs)>;
  AudioEmbeddings embed_batches(std::span<const std::size_t> lengths, const Encode& encode,
                                const AudioOutputs& outputs) const;
  void embed_batch(std::span<const std::size_t> inputs, const Encode& encode,
                   const AudioOutputs& outputs, AudioEmbeddings& result) const;

  ModelConfig config_;
  at::Device device_;
  Precision precision_;
  WordPieceTokenizer tokenizer_;
  ClapNetwork network_;
};

}  // namespace mgaclap
