#include "cmd/support/audio_options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>

#include "mgaclap/core/error.hpp"

namespace mgaclap::cmd {
namespace {

/// @return 0 for "auto".
std::size_t parse_batch(const std::string& word) {
  if (word == "auto") return 0;
  std::size_t batch = 0;
  const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), batch);
  if (code != std::errc() || end != word.data() + word.size() || batch == 0) {
    throw Error(Fault::usage, "--batch", "'" + word + "' is neither auto nor a number");
  }
  return batch;
}

}  // namespace

void add_audio_options(CLI::App& app, AudioOptions& options) {
  constexpr const char* kGroup = "Audio";
  const auto add = [&](const char* name, auto& value, const char* text, const char* type) {
    app.add_option(name, value, text)->group(kGroup)->type_name(type);
  };
  add("--window", options.window_s, "length of a window (default: the model's 10 s)", "SECONDS");
  add("--hop", options.hop_s, "from one window to the next (default: the window)", "SECONDS");
  add("--min-tail", options.min_tail_s, "drop a shorter last window unless it is all (0.5)",
      "SECONDS");
  add("--max-duration", options.max_duration_s, "a longer recording fails (default: no limit)",
      "SECONDS");
  add("--file-timeout", options.file_timeout_s,
      "a recording fails whose decoder is stuck for so long (60; 0: never)", "SECONDS");
  add("--stream", options.stream, "of several audio streams: best (default), N from 0, or a language",
      "WHICH");
  add("--time-zero", options.time_zero, "0 s is the first sample (audio, default), or container",
      "CLOCK");
  add("--short", options.short_audio, "fill short audio: zero (default), repeat, stretch", "MODE");
  add("--pool", options.pooling, "one row a recording: codebook, mean, first", "MODE");
  app.add_flag("--frames", options.frames, "store frame embeddings as well")->group(kGroup);
  add("--batch", options.batch, "windows a pass: auto or a number", "N");
  add("--precision", options.precision, "arithmetic: fp32 (default), tf32 (GPU), bf16, int8 (CPU)",
      "TYPE");
  app.add_flag("--strict", options.strict, "stop at the first input that fails")->group(kGroup);
}

void check_audio_options(const AudioOptions& options) {
  parse_batch(options.batch);
  parse_precision(options.precision);
  parse_short_audio(options.short_audio);
  parse_stream_choice(options.stream);
  parse_time_zero(options.time_zero);
  const Pooling pooling = parse_pooling(options.pooling);
  if (options.frames && (pooling == Pooling::codebook || pooling == Pooling::mean)) {
    throw Error(Fault::usage, "--frames", "goes with one row a window or --pool first");
  }
}

std::string describe_reading(const AudioOptions& options) {
  std::string text;
  if (!parse_stream_choice(options.stream).is_best()) text += "stream=" + options.stream + " ";
  if (options.time_zero != "audio") text += "time-zero=" + options.time_zero + " ";
  return text;
}

Precision parse_precision(const std::string& word) {
  if (word == "fp32") return Precision::fp32;
  if (word == "tf32") return Precision::tf32;
  if (word == "bf16") return Precision::bf16;
  if (word == "int8") return Precision::int8;
  throw Error(Fault::usage, "--precision", "'" + word + "' is none of fp32, tf32, bf16 and int8");
}

EmbedOptions to_embed_options(const AudioOptions& options, const Model& model, int threads) {
  EmbedOptions result;
  result.window_s = options.window_s == 0 ? model.config().audio.window_s : options.window_s;
  result.hop_s = options.hop_s == 0 ? result.window_s : options.hop_s;
  result.min_tail_s = options.min_tail_s;
  result.max_duration_s = options.max_duration_s;
  result.file_timeout_s = options.file_timeout_s;
  result.stream = parse_stream_choice(options.stream);
  result.time_zero = parse_time_zero(options.time_zero);
  result.short_audio = parse_short_audio(options.short_audio);
  result.pooling = parse_pooling(options.pooling);
  result.frames = options.frames;
  result.threads = threads;
  const std::size_t batch = parse_batch(options.batch);
  result.batch = batch > 0 ? batch : model.usual_batch();
  // A GPU is kept busy by two workers; the processors are left to decoding.
  if (model.device() != "cpu") result.workers = 2 * static_cast<int>(model.devices());
  result.strict = options.strict;
  return result;
}

void describe_audio(const EmbedOptions& options, const Model& model, EmbeddingHeader& header) {
  const AudioConfig& audio = model.config().audio;
  header.sample_rate = audio.sample_rate;
  header.window_s = options.window_s;
  header.hop_s = options.hop_s;
  header.short_audio = to_string(options.short_audio);
  header.frame_hop_s = options.frames ? options.window_s / audio.frames() : 0;
}

InputSource in_order(const std::vector<AudioInput>& inputs) {
  return [&inputs, next = std::size_t{0}]() mutable -> std::optional<AudioInput> {
    if (next == inputs.size()) return std::nullopt;
    return inputs[next++];
  };
}

}  // namespace mgaclap::cmd
