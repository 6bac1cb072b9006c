#include "cmd/model/audio_options.hpp"

#include <CLI/CLI.hpp>

#include "claptools/core/error.hpp"
#include "cmd/options/arguments.hpp"
#include "cmd/options/option_types.hpp"

namespace claptools::cmd {
namespace {

constexpr RealRange kLength{0, kSeconds.most, "s", true};
constexpr RealRange kDuration{0, 1e9, "s"};  // 0: no limit
constexpr WholeRange kBatch{1, 65536, "windows"};

std::string check_batch(const std::string& word) {
  std::uint64_t batch = 0;
  const std::string wrong = word == "auto" ? "" : read_number(word, kBatch, batch);
  return wrong.empty() ? "" : wrong + "; or auto";
}

}  // namespace

CLI::Option* add_batch_option(CLI::App& app, std::string& batch) {
  return app.add_option("--batch", batch, "windows per pass: auto or a number")
      ->type_name("N")
      ->check(check_batch);
}

std::size_t batch_of(const std::string& word, const Model& model) {
  std::uint64_t batch = 0;
  if (word != "auto") read_number(word, kBatch, batch);
  return batch > 0 ? batch : model.preferred_batch();
}

void add_audio_options(CLI::App& app, AudioOptions& options) {
  constexpr const char* kGroup = "Audio";
  const auto add = [&](const char* name, std::string& value, const char* text, const char* type) {
    return app.add_option(name, value, text)->group(kGroup)->type_name(type);
  };
  const auto add_seconds = [&](const char* name, double& value, const RealRange& range,
                               const char* text) {
    add_number(app, name, value, range, text, "SECONDS")->group(kGroup);
  };
  const auto add_words = [&]<class T, class Value>(const char* name, T& value,
                                                   std::initializer_list<Value> values,
                                                   const char* text, const char* type) {
    add_choice(app, name, value, choices_of<T>(values), text, type)->group(kGroup);
  };
  app.add_option("--audio", options.recordings,
                 "also take this recording, which may come through a pipe; - is standard input")
      ->group(kGroup)
      ->type_name("FILE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add_seconds("--window", options.window_s, kLength,
              "length of a window (default: the model's 10 s)");
  add_seconds("--hop", options.hop_s, kLength,
              "time between starts of windows (default: the window)");
  add_seconds("--min-tail", options.min_tail_s, kSeconds,
              "drop a last window with less new audio (0.5)");
  add_seconds("--max-duration", options.max_duration_s, kDuration,
              "fail longer recordings (default: no limit)");
  add_seconds("--file-timeout", options.file_timeout_s, kSeconds,
              "give up after the decoder is stuck for this long (60; 0: never)");
  add("--stream", options.stream, "audio stream to read: best (default), N from 0, or a language",
      "WHICH");
  add_words("--time-zero", options.time_zero, {TimeZero::audio, TimeZero::container},
            "0 s is the first sample (audio, default), or container", "CLOCK");
  add_words("--short", options.short_audio,
            {ShortAudio::zero, ShortAudio::repeat, ShortAudio::repeatpad, ShortAudio::stretch},
            "fill short audio: zero, repeat, repeatpad, stretch (default: the model's)", "MODE");
  add_words("--pool", options.pooling,
            {Pooling::none, Pooling::codebook, Pooling::mean, Pooling::first, Pooling::fusion},
            "one row per recording: codebook, mean, first, fusion", "MODE");
  app.add_flag("--frames", options.frames, "also store frame embeddings")->group(kGroup);
  add_batch_option(app, options.batch)->group(kGroup);
  add_words("--precision", options.precision,
            {Precision::fp32, Precision::tf32, Precision::bf16, Precision::int8},
            "arithmetic: fp32 (default), tf32 (GPU), bf16, int8 (CPU)", "TYPE");
  app.add_flag("--strict", options.strict, "stop at the first input that fails")->group(kGroup);
}

void check_audio_options(AudioOptions& options, const CLI::App& app) {
  parse_stream_choice(options.stream);
  const Pooling pooling = options.pooling;
  if (!options.frames || pooling == Pooling::none || pooling == Pooling::first) return;
  const bool frames = is_given(*app.get_option("--frames"));
  const bool pool = is_given(*app.get_option("--pool"));
  if (frames == pool)
    throw Error(Fault::usage, "--frames", "needs one row per window or --pool first");
  if (frames)
    options.pooling = Pooling::none;
  else
    options.frames = false;
}

EmbedOptions to_embed_options(const AudioOptions& options, const Model& model, int threads) {
  EmbedOptions result;
  result.window_s = options.window_s == 0 ? model.spec().audio.window_s : options.window_s;
  result.hop_s = options.hop_s == 0 ? result.window_s : options.hop_s;
  result.min_tail_s = options.min_tail_s;
  result.max_duration_s = options.max_duration_s;
  result.file_timeout_s = options.file_timeout_s;
  result.stream = parse_stream_choice(options.stream);
  result.time_zero = options.time_zero;
  result.short_audio = options.short_audio.value_or(model.spec().audio.short_audio);
  result.pooling = options.pooling;
  result.frames = options.frames;
  if (result.frames) require_frames(model.spec());
  result.threads = threads;
  result.batch = batch_of(options.batch, model);
  result.workers = workers_of(model);
  result.strict = options.strict;
  return result;
}

int workers_of(const Model& model) {
  return model.device() == "cpu" ? 0 : 2 * static_cast<int>(model.devices());
}

std::vector<SpooledAudio> open_recordings(const AudioOptions& options,
                                          const std::atomic<bool>& stop) {
  std::vector<SpooledAudio> opened;
  for (const std::string& path : options.recordings) opened.emplace_back(path, stop);
  return opened;
}

void add_recordings(const AudioOptions& options, const std::vector<SpooledAudio>& opened,
                    InputList& list) {
  for (std::size_t i = 0; i < opened.size(); ++i)
    list.add({options.recordings[i], {opened[i].path()}, {}});
}

}  // namespace claptools::cmd
