#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

#include "claptools/families/mga_clap/config.hpp"
#include "claptools/model/bert.hpp"
#include "claptools/model/codebook.hpp"
#include "claptools/model/htsat.hpp"
#include "claptools/model/layers/front_end.hpp"
#include "claptools/model/layers/local_pooling.hpp"
#include "claptools/model/network.hpp"

namespace claptools {

/// The result of one pass over audio or text.
struct EncodedSide {
  at::Tensor affinity;  ///< [B, K]: Eq. 2; undefined in a model without codebook
  at::Tensor locals;    ///< [B, N, D]: frame or word embeddings, not normalised
  at::Tensor mask;      ///< [B, N], words only
  at::Tensor pooled;    ///< [B, D], in a model without codebook only
};

/// MGA-CLAP on tensors: both towers and the shared codebook. Source: docs/reference/pipeline.md.
class MgaClapNetwork : public Network, CodebookNetwork, LogMelNetwork, public TrainableNetwork {
 public:
  /// @param parameters may be trained. @param precision of the Fourier transform (LogMel).
  MgaClapNetwork(const ModelConfig& config, const ParameterSource& parameters,
                 const at::Device& device, at::ScalarType precision);

  /// For inference from now on, many of a kind (see InferenceLinear).
  void prepare_audio(Precision precision);
  void prepare_texts();

  /// @param waveform [B, S] float32, n_fft / 2 < S <= window samples.
  EncodedSide encode_audio(const at::Tensor& waveform, const TensorProbe& tap = {},
                           TrainingPass* training = nullptr) const;

  /// The second half of encode_audio. @param log_mel [B, T, n_mels] dB, T at most the model's.
  EncodedSide encode_log_mel(const at::Tensor& log_mel, const TensorProbe& tap = {},
                             TrainingPass* training = nullptr) const;

  /// @param ids       [B, L] int64. @param attention [B, L] bool, false for padding.
  /// @param word_mask [B, L - 1] float: 0 for [SEP] and padding; the first token, [CLS], is
  /// dropped.
  EncodedSide encode_text(const at::Tensor& ids, const at::Tensor& attention,
                          const at::Tensor& word_mask, const TensorProbe& tap = {},
                          TrainingPass* training = nullptr) const;

  /// The two halves of encode_text. @return [B, L, hidden].
  at::Tensor text_states(const at::Tensor& ids, const at::Tensor& attention,
                         const TensorProbe& tap = {}, TrainingPass* training = nullptr) const;
  EncodedSide encode_states(const at::Tensor& states, const at::Tensor& word_mask,
                            const TensorProbe& tap = {}) const;

  /// Unit rows [B, D].
  at::Tensor embed(const EncodedSide& encoded, const TensorProbe& tap = {}) const;

  // Network
  AudioTensors embed_audio(const at::Tensor& waveforms) const override;
  at::Tensor embed_texts(const TextBatch& texts) const override;
  void prepare(Workload workload, Precision precision) override;
  std::size_t floats_per_window() const override { return front_end_.floats_per_window(); }
  const CodebookNetwork* codebook() const override { return codebook_ ? this : nullptr; }
  const LogMelNetwork* log_mels() const override { return this; }

  // TrainableNetwork
  at::Tensor embed_audio(const at::Tensor& waveforms, TrainingPass* training) const override;
  at::Tensor text_states(const TextBatch& texts, TrainingPass* training) const override;
  at::Tensor embed_text_states(const at::Tensor& states, const at::Tensor& words) const override;
  at::Tensor temperature() const override { return temperature_; }

 private:
  // CodebookNetwork
  at::Tensor codewords() const override { return codebook_->codewords(); }
  at::Tensor mix(const at::Tensor& affinities) const override;
  CodeTensors audio_codes(const at::Tensor& clip) const override;
  CodeTensors text_codes(const TextBatch& text) const override;
  // LogMelNetwork
  MelBands bands() const override { return front_end_.bands(); }
  at::Tensor log_mel(const at::Tensor& waveforms) const override;
  AudioTensors embed_log_mels(const at::Tensor& log_mels) const override;

  AudioTensors finish(const EncodedSide& encoded) const;
  CodeTensors codes(const EncodedSide& encoded) const;

  at::Tensor temperature_;
  FrontEnd front_end_;
  HtsatEncoder audio_;
  TextEncoder text_;
  Projection frame_projection_, word_projection_;
  std::optional<SharedCodebook> codebook_;
  LocalPooling frame_pooling_, word_pooling_;  ///< without a codebook
};

}  // namespace claptools
