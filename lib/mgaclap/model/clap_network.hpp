#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <optional>

#include "mgaclap/features/log_mel.hpp"
#include "mgaclap/model/bert.hpp"
#include "mgaclap/model/codebook.hpp"
#include "mgaclap/model/htsat.hpp"
#include "mgaclap/model/local_pooling.hpp"
#include "mgaclap/families/mga_clap/config.hpp"
#include "mgaclap/checkpoints/weight_set.hpp"

namespace mgaclap {

/// What one pass over audio or text gives.
struct Encoded {
  at::Tensor affinity;  ///< [B, K]: Eq. 2; undefined in a model without codebook
  at::Tensor locals;    ///< [B, N, D]: frame or word embeddings, not normalised
  at::Tensor mask;      ///< [B, N], words only
  at::Tensor pooled;    ///< [B, D], in a model without codebook only
};

/// MGA-CLAP on tensors: both towers and the shared codebook. Source: goldens README, section 2.
class ClapNetwork {
 public:
  ClapNetwork(const ModelConfig& config, std::shared_ptr<const WeightSet> weights,
              const at::Device& device);

  /// On weights that may be trained. @param precision of the Fourier transform (LogMel).
  ClapNetwork(const ModelConfig& config, const ParameterSource& parameters,
              const at::Device& device, at::ScalarType precision);

  /// For inference from now on, many of a kind (see Product).
  void prepare_audio(Precision precision);
  void prepare_texts();

  /// @param waveform [B, S] float32, n_fft / 2 < S <= window samples.
  Encoded encode_audio(const at::Tensor& waveform, const Tap& tap = {},
                       TrainingPass* training = nullptr) const;

  /// The second half of encode_audio. @param log_mel [B, T, n_mels] dB, T at most the model's.
  Encoded encode_log_mel(const at::Tensor& log_mel, const Tap& tap = {},
                         TrainingPass* training = nullptr) const;

  /// @param ids       [B, L] int64. @param attention [B, L] bool, false for padding.
  /// @param word_mask [B, L - 1] float: 0 for [SEP] and padding; the first token, [CLS], is
  /// dropped.
  Encoded encode_text(const at::Tensor& ids, const at::Tensor& attention,
                      const at::Tensor& word_mask, const Tap& tap = {},
                      TrainingPass* training = nullptr) const;

  /// The two halves of encode_text. @return [B, L, hidden].
  at::Tensor text_states(const at::Tensor& ids, const at::Tensor& attention, const Tap& tap = {},
                         TrainingPass* training = nullptr) const;
  Encoded encode_states(const at::Tensor& states, const at::Tensor& word_mask,
                        const Tap& tap = {}) const;

  /// Unit rows [B, D]. @param prefix of the tap's names: "audio" or "text".
  at::Tensor embed(const Encoded& encoded, const Tap& tap, const char* prefix) const;

  bool has_codebook() const { return codebook_.has_value(); }
  /// Only of a model that has one.
  const SharedCodebook& codebook() const { return *codebook_; }
  const LogMel& log_mel() const { return log_mel_; }

 private:
  std::int64_t frames_;  ///< of a clip
  LogMel log_mel_;
  HtsatEncoder audio_;
  TextEncoder text_;
  Projection frame_projection_, word_projection_;
  std::optional<SharedCodebook> codebook_;
  LocalPooling frame_pooling_, word_pooling_;  ///< without a codebook
};

}  // namespace mgaclap
