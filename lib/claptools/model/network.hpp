#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>

#include "claptools/engine/model.hpp"
#include "claptools/model/text_batch.hpp"
#include "claptools/model/training_pass.hpp"

namespace claptools {

/// The result of a pass over a batch of audio, on the device.
struct AudioTensors {
  at::Tensor clips;       ///< [B, D], unit rows
  at::Tensor affinities;  ///< [B, K]; undefined in a model without codebook
  at::Tensor locals;      ///< [B, N, D], not normalised; undefined in a model without frames
};

/// One input as a codebook sees it.
struct CodeTensors {
  at::Tensor affinity;  ///< [1, K]
  at::Tensor locals;    ///< [N, K]
};

/// Additional functions of a network with a codebook (engine/model.hpp, Codebook).
class CodebookNetwork {
 public:
  virtual ~CodebookNetwork() = default;

  virtual at::Tensor codewords() const = 0;                        ///< [K, D]
  virtual at::Tensor mix(const at::Tensor& affinities) const = 0;  ///< [B, K] -> [B, D], unit rows
  virtual CodeTensors audio_codes(const at::Tensor& clip) const = 0;  ///< [1, S]
  virtual CodeTensors text_codes(const TextBatch& text) const = 0;    ///< of one text
};

/// Additional functions of a network that takes log-mels (engine/model.hpp, Spectrograms).
class LogMelNetwork {
 public:
  virtual ~LogMelNetwork() = default;

  virtual MelBands bands() const = 0;
  virtual at::Tensor log_mel(const at::Tensor& waveforms) const = 0;  ///< [B, S] -> [B, T, bands]
  virtual AudioTensors embed_log_mels(const at::Tensor& log_mels) const = 0;
  /// [T, bands] -> [views * frames, bands] (Spectrograms::join_views).
  virtual at::Tensor join_views(const at::Tensor& whole) const { return whole; }
};

/// A family's two towers on tensors. Const functions may be called from several threads at once.
class Network {
 public:
  virtual ~Network() = default;

  /// @param waveforms [B, S] float32 on the network's device.
  virtual AudioTensors embed_audio(const at::Tensor& waveforms) const = 0;

  /// @return [B, D], unit rows.
  virtual at::Tensor embed_texts(const TextBatch& texts) const = 0;

  /// For inference from now on: lays weights out for what is to come.
  /// @throws Error{unavailable} for a precision that this processor or LibTorch does not have.
  virtual void prepare(Workload workload, Precision precision) = 0;

  /// Floats that live at the same time while one window is embedded: what a batch is chosen by.
  virtual std::size_t floats_per_window() const = 0;

  virtual const CodebookNetwork* codebook() const { return nullptr; }
  virtual const LogMelNetwork* log_mels() const { return nullptr; }
};

/// A family's towers on weights that are trained. Gradients flow through what it returns.
class TrainableNetwork {
 public:
  virtual ~TrainableNetwork() = default;

  /// @param training null: the tower is frozen. @return [B, D], unit rows.
  virtual at::Tensor embed_audio(const at::Tensor& waveforms, TrainingPass* training) const = 0;

  /// What the text tower alone makes of texts: it stays the same while that is frozen.
  /// @return [B, L, hidden].
  virtual at::Tensor text_states(const TextBatch& texts, TrainingPass* training) const = 0;

  /// The embedding from that. @param words as TextBatch::words. @return [B, D], unit rows.
  virtual at::Tensor embed_text_states(const at::Tensor& states, const at::Tensor& words) const = 0;

  /// The divisor of similarities, a scalar weight.
  virtual at::Tensor temperature() const = 0;
};

}  // namespace claptools
