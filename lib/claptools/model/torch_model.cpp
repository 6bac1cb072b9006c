#include "claptools/model/torch_model.hpp"

#include <ATen/Context.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "claptools/core/error.hpp"
#include "claptools/model/codebook.hpp"
#include "claptools/model/device/allocator_tuning.hpp"
#include "claptools/model/device/device.hpp"
#include "claptools/model/networks/networks.hpp"

namespace claptools {
namespace {

/// Copies [rows, ...] into the given rows of a matrix.
void copy_rows(const at::Tensor& source, std::span<const std::size_t> rows, Matrix& target,
               std::size_t rows_each) {
  const at::Tensor flat = source.to(at::kCPU, at::kFloat).contiguous();
  const float* from = flat.data_ptr<float>();
  const std::size_t width = target.cols * rows_each;
  for (const std::size_t row : rows) {
    std::memcpy(target.data.data() + row * width, from, width * sizeof(float));
    from += width;
  }
}

/// A copy of [rows, columns].
Matrix to_matrix(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.to(at::kCPU, at::kFloat).contiguous();
  Matrix matrix(static_cast<std::size_t>(flat.size(0)), static_cast<std::size_t>(flat.size(1)));
  std::memcpy(matrix.data.data(), flat.data_ptr<float>(), matrix.data.size() * sizeof(float));
  return matrix;
}

void check_finite(const Matrix& matrix, const char* what) {
  for (const float value : matrix.data) {
    if (!std::isfinite(value)) throw Error(Fault::data, what, "its embedding is not finite");
  }
}

/// Windows per pass: one on a processor, which gains nothing by more; as many as fit twice into
/// what a GPU has free (two callers at once), up to what keeps the largest ones busy.
std::size_t choose_batch(std::size_t floats_per_window, const at::Device& device) {
  constexpr std::size_t kMax = 128;
  if (device.is_cpu()) return 1;
  const std::size_t fit = free_memory(device) / (2 * 2 * sizeof(float) * floats_per_window);
  return std::clamp<std::size_t>(std::bit_floor(fit), 1, kMax);
}

CodewordMixture to_code_use(const CodeTensors& codes) {
  return {to_matrix(sparsemax(codes.affinity)).data, to_matrix(codes.locals)};
}

at::Tensor borrow(MatrixView view) {
  return at::from_blob(const_cast<float*>(view.data),
                       {static_cast<std::int64_t>(view.rows), static_cast<std::int64_t>(view.cols)},
                       at::kFloat);
}

}  // namespace

TorchModel::TorchModel(ModelFiles files, const ModelOptions& options, const Log& log)
    : spec_(files.spec()),
      device_(open_device(options.device, log)),
      precision_(options.precision),
      tokenizer_(files.architecture->tokenizer(files.vocabulary)),
      network_(make_network(files, device_)),
      usual_batch_(choose_batch(network_->floats_per_window(), device_)),
      // 8-bit activations are scaled by their range over a batch: a clip must not depend on others.
      limit_(precision_ == Precision::int8 ? 1 : std::numeric_limits<std::size_t>::max(), log),
      encoder_([this](const at::Tensor& batch) { return encode(batch, Input::waveform); },
               device_.is_cpu() ? RecordPass() : open_recorder(), device_, log) {
  keep_freed_memory();
  if (!device_.is_cpu()) {
    const bool rounds = precision_ == Precision::tf32;
    at::globalContext().setFloat32MatmulPrecision(rounds ? "high" : "highest");
    at::globalContext().setAllowTF32CuDNN(rounds);  // LibTorch's default is to round
  }
  network_->prepare(options.workload, precision_);
  wait_for(device_);  // others compute on streams of their own
}

void TorchModel::check_clips(std::span<const std::span<const float>> clips) const {
  const std::size_t shortest = spec_.audio.min_samples, longest = spec_.audio.window_samples;
  for (const auto& clip : clips) {
    if (clip.size() >= shortest && clip.size() <= longest) continue;
    throw Error(Fault::data, "audio",
                std::to_string(clip.size()) + " samples, the model takes " +
                    std::to_string(shortest) + " to " + std::to_string(longest));
  }
}

/// Pinned where a GPU takes it: copied while others compute.
at::Tensor TorchModel::empty_batch(std::vector<std::int64_t> shape) const {
  return at::empty(shape, at::TensorOptions(at::kFloat).pinned_memory(!device_.is_cpu()));
}

AudioTensors TorchModel::encode(const at::Tensor& batch, Input kind) const {
  return kind == Input::log_mel ? network_->log_mels()->embed_log_mels(batch)
                                : network_->embed_audio(batch);
}

void TorchModel::embed_batch(std::span<const std::size_t> inputs, const Gather& gather, Input kind,
                             const AudioOutputs& outputs, AudioEmbeddings& result) const {
  const auto keep = [&](const AudioTensors& made) {
    copy_rows(made.clips, inputs, result.clips, 1);
    if (outputs.affinities) copy_rows(made.affinities, inputs, result.affinities, 1);
    if (outputs.frames) {
      copy_rows(unit_rows(made.locals), inputs, result.frames, spec_.audio.frames);
    }
  };
  const at::Tensor batch = gather(inputs);
  if (kind == Input::waveform) {
    encoder_.run(batch, keep);
  } else {
    keep(encode(batch.to(device_), kind));
  }
}

/// Inputs of one length make one batch.
AudioEmbeddings TorchModel::embed_batches(std::span<const std::size_t> lengths,
                                          const Gather& gather, Input kind,
                                          const AudioOutputs& outputs) const {
  if (outputs.affinities) require_codebook(*this);
  AudioEmbeddings result;
  result.clips = Matrix(lengths.size(), spec_.dim);
  if (outputs.frames) result.frames = Matrix(lengths.size() * spec_.audio.frames, spec_.dim);
  if (outputs.affinities) result.affinities = Matrix(lengths.size(), spec_.codewords);
  std::map<std::size_t, std::vector<std::size_t>> by_length;
  for (std::size_t i = 0; i < lengths.size(); ++i) by_length[lengths[i]].push_back(i);
  for (const auto& [length, inputs] : by_length) {
    limit_.run(inputs, [&](std::span<const std::size_t> some) {
      embed_batch(some, gather, kind, outputs, result);
    });
  }
  check_finite(result.clips, "audio");
  return result;
}

AudioEmbeddings TorchModel::embed_audio(std::span<const std::span<const float>> clips,
                                        const AudioOutputs& outputs) const {
  enter_device(device_);
  const c10::InferenceMode guard;
  check_clips(clips);
  std::vector<std::size_t> lengths;
  for (const auto& clip : clips) lengths.push_back(clip.size());
  const auto gather = [&](std::span<const std::size_t> inputs) {
    const std::size_t samples = lengths[inputs[0]];
    at::Tensor batch = empty_batch({std::ssize(inputs), static_cast<std::int64_t>(samples)});
    for (std::size_t i = 0; i < inputs.size(); ++i)
      std::ranges::copy(clips[inputs[i]], batch.mutable_data_ptr<float>() + i * samples);
    return batch;
  };
  return embed_batches(lengths, gather, Input::waveform, outputs);
}

AudioEmbeddings TorchModel::embed_log_mels(std::span<const MatrixView> log_mels,
                                           const AudioOutputs& outputs) const {
  enter_device(device_);
  const c10::InferenceMode guard;
  const std::size_t mels = bands().count;
  std::vector<std::size_t> lengths;
  for (const MatrixView& log_mel : log_mels) {
    if (log_mel.cols != mels) throw Error(Fault::internal, "log-mel", "of another model");
    lengths.push_back(log_mel.rows);
  }
  const auto gather = [&](std::span<const std::size_t> inputs) {
    const auto rows = static_cast<std::int64_t>(lengths[inputs[0]]);
    const std::size_t size = lengths[inputs[0]] * mels;
    at::Tensor batch = empty_batch({std::ssize(inputs), rows, static_cast<std::int64_t>(mels)});
    for (std::size_t i = 0; i < inputs.size(); ++i)
      std::copy_n(log_mels[inputs[i]].data, size, batch.mutable_data_ptr<float>() + i * size);
    return batch;
  };
  return embed_batches(lengths, gather, Input::log_mel, outputs);
}

CodewordMixture TorchModel::audio_codes(std::span<const float> clip) const {
  enter_device(device_);
  const c10::InferenceMode guard;
  check_clips({&clip, 1});
  return to_code_use(
      network_->codebook()->audio_codes(borrow({clip.data(), 1, clip.size()}).to(device_)));
}

CodewordMixture TorchModel::text_codes(const std::string& text) const {
  enter_device(device_);
  const c10::InferenceMode guard;
  return to_code_use(network_->codebook()->text_codes(batch_of({&text, 1})));
}

Matrix TorchModel::codewords() const {
  const c10::InferenceMode guard;
  return to_matrix(network_->codebook()->codewords());
}

MelBands TorchModel::bands() const { return network_->log_mels()->bands(); }

Matrix TorchModel::log_mel(std::span<const float> clip) const {
  enter_device(device_);
  const c10::InferenceMode guard;
  check_clips({&clip, 1});
  const at::Tensor waveform = borrow({clip.data(), 1, clip.size()}).to(device_);
  return to_matrix(network_->log_mels()->log_mel(waveform)[0]);
}

Matrix TorchModel::join_views(MatrixView whole) const {
  enter_device(device_);
  const c10::InferenceMode guard;
  return to_matrix(network_->log_mels()->join_views(borrow(whole).to(device_)));
}

TextBatch TorchModel::batch_of(std::span<const std::string> texts) const {
  TextBatch batch = make_text_batch(*tokenizer_, texts, spec_.max_tokens);
  return {batch.ids.to(device_), batch.attention.to(device_), batch.words.to(device_)};
}

Matrix TorchModel::embed_texts(std::span<const std::string> texts) const {
  enter_device(device_);
  const c10::InferenceMode guard;
  if (texts.empty()) return {0, spec_.dim};
  Matrix result = to_matrix(network_->embed_texts(batch_of(texts)));
  check_finite(result, "text");
  return result;
}

Matrix TorchModel::pool(MatrixView affinities) const {
  enter_device(device_);
  const c10::InferenceMode guard;
  if (affinities.rows == 0) return {0, spec_.dim};
  return to_matrix(network_->codebook()->mix(borrow(affinities).to(device_)));
}

}  // namespace claptools
