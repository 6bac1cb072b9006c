#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/families/model_files.hpp"
#include "claptools/families/model_spec.hpp"

namespace claptools {

/// Arithmetic of the audio encoder's matrix products; texts are always encoded in float32.
enum class Precision {
  fp32,
  tf32,  ///< operands rounded to 10 bits after the point, 32-bit sums; GPU only
  bf16,  ///< 16-bit operands, 32-bit sums
  int8   ///< 8-bit operands, quantised clip by clip; CPU only
};

std::string_view to_string(Precision precision);

/// What a model is loaded for. For many inputs, weights are rearranged for the processor: that
/// takes some time, and as much memory again as the weights.
enum class Workload { few, audio, texts };

struct ModelOptions {
  /// "auto" (CUDA where there is one), "cpu", "cuda", "cuda:N", "cuda:all".
  std::string device = "auto";
  Precision precision = Precision::fp32;
  Workload workload = Workload::few;
};

/// What embed_audio computes besides clip embeddings; frames and affinities cost extra memory only.
struct AudioOutputs {
  bool frames = false;      ///< frame embeddings
  bool affinities = false;  ///< for pooling several windows by the codebook; needs one
};

struct AudioEmbeddings {
  Matrix clips;       ///< [clips, dim], unit rows
  Matrix frames;      ///< [clips * frames_per_clip, dim], unit rows; empty unless asked for
  Matrix affinities;  ///< [clips, codewords], the largest over frames; empty unless asked for
};

/// How an input is mixed from the codewords that audio and text share (Eq. 2 and 3).
struct CodewordMixture {
  std::vector<float> weights;  ///< [codewords], not negative, sum 1
  /// [frames or words, codewords]; their largest, less a constant, are the weights.
  Matrix affinities;
};

/// The codewords that a model's audio and text share (MGA-CLAP, Eq. 2 and 3).
class Codebook {
 public:
  virtual ~Codebook() = default;

  /// [codewords, dim].
  virtual Matrix codewords() const = 0;

  /// The codewords of the embedding of a clip or a text. @throws Error{data} as Model::embed_audio.
  virtual CodewordMixture audio_codes(std::span<const float> clip) const = 0;
  virtual CodewordMixture text_codes(const std::string& text) const = 0;

  /// Clip embeddings from affinities (Eq. 3: sparsemax, mixture of codewords), [rows, codewords] ->
  /// [rows, dim].
  virtual Matrix pool(MatrixView affinities) const = 0;
};

/// What the bands of a log-mel spectrogram cover.
struct MelBands {
  std::size_t count = 0;
  double low_hz = 0, high_hz = 0;
};

/// For models whose audio encoder takes log-mel spectrograms.
class Spectrograms {
 public:
  virtual ~Spectrograms() = default;

  virtual MelBands bands() const = 0;

  /// The input of the audio encoder for a clip, [1 + samples / features.hop, bands] dB.
  /// @throws Error{data} as Model::embed_audio.
  virtual Matrix log_mel(std::span<const float> clip) const = 0;

  /// As Model::embed_audio, from log_mel(): for windows that share frames.
  /// @throws Error{data} for too many frames, or an output that is not finite.
  virtual AudioEmbeddings embed_log_mels(std::span<const MatrixView> log_mels,
                                         const AudioOutputs& outputs) const = 0;

  /// Of a model with spec().audio.views > 1.
  /// @param whole log-mel of a recording, [T, bands].
  /// @return its views one after another, which embed_log_mels() takes as one input; `whole` itself
  /// if it is not longer than a window's.
  virtual Matrix join_views(MatrixView whole) const;

  /// Whether log_mel() and embed_log_mels() together cost no more than embed_audio(). They cost
  /// more on a GPU, to which the samples would be copied.
  virtual bool are_cheap() const = 0;
};

/// A loaded model, free of LibTorch types: the implementation lives in a plug-in
/// (libclaptools_torch.so) that is opened by load(), so that a program starts without LibTorch
/// until it needs a model. All const functions may be called from several threads at once; each
/// computes on the thread that calls it.
class Model {
 public:
  /// @throws Error{unavailable} if the plug-in or the device is missing, {data} if the model does
  /// not load: a weight missing, of another shape or not finite.
  static std::unique_ptr<Model> load(ModelFiles files, const ModelOptions& options, const Log& log);

  virtual ~Model() = default;

  virtual const ModelSpec& spec() const = 0;

  /// "cpu", "cuda:0"; of several devices "cuda:0 cuda:1".
  virtual std::string device() const = 0;

  /// GPUs that it computes on. Two callers at once keep one GPU busy: copies of one overlap with
  /// products of the other.
  virtual std::size_t devices() const { return 1; }

  /// Clips per call that suit the device and the memory that it had free when the model was loaded.
  virtual std::size_t preferred_batch() const { return 1; }

  /// @param clips each up to spec().audio.window_samples at spec().audio.sample_rate. A clip
  /// shorter than the window is stretched by the model (the `stretch` protocol), which needs
  /// spec().audio.min_samples.
  /// @throws Error{data} for a clip that is too short or too long, or an output that is not finite.
  virtual AudioEmbeddings embed_audio(std::span<const std::span<const float>> clips,
                                      const AudioOutputs& outputs) const = 0;

  /// @return [texts, dim], unit rows. Any text is valid, the empty one too.
  virtual Matrix embed_texts(std::span<const std::string> texts) const = 0;

  /// Null for families without a codebook, or without spectrograms.
  virtual const Codebook* codebook() const { return nullptr; }
  virtual const Spectrograms* spectrograms() const { return nullptr; }

  /// Checks that a few fixed texts, or sounds, have different embeddings: a benchmark once used a
  /// collapsed model for months. @throws Error{data} naming the tower.
  void check_texts() const;
  /// @param embeddings that this model gave such texts before, [texts, dim].
  void check_texts(const Matrix& embeddings) const;
  void check_sounds() const;
};

/// @throws Error{data} naming the model if it has no codebook.
const Codebook& require_codebook(const Model& model);

}  // namespace claptools
