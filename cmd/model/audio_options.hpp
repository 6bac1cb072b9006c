#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "claptools/engine/model.hpp"
#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/pipeline/inputs.hpp"
#include "claptools/pipeline/streams/spooled_audio.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace claptools::cmd {

/// How recordings are cut, filled and pooled; of every tool that embeds audio.
struct AudioOptions {
  double window_s = 0;  ///< 0 = the model's window
  double hop_s = 0;     ///< 0 = the window
  double min_tail_s = 0.5;
  double max_duration_s = 0;  ///< 0 = no limit
  double file_timeout_s = 60;
  std::string stream = "best";
  TimeZero time_zero = TimeZero::audio;
  std::optional<ShortAudio> short_audio;  ///< none: as the model's own code does
  Pooling pooling = Pooling::none;
  std::string batch = "auto";
  Precision precision = Precision::fp32;
  bool frames = false, strict = false;
  std::vector<std::string> recordings;  ///< files or pipes, - for standard input
};

/// --audio, --window, --hop, --min-tail, --max-duration, --file-timeout, --stream, --time-zero,
/// --short,
/// --pool, --frames, --batch, --precision, --strict.
void add_audio_options(CLI::App& app, AudioOptions& options);

/// --batch alone.
CLI::Option* add_batch_option(CLI::App& app, std::string& batch);

/// Windows per pass. @param word of --batch.
std::size_t batch_of(const std::string& word, const Model& model);

/// Words that need no model to be judged, before it is loaded. Of --frames and a --pool that leaves
/// none, a default from the environment or a file gives way. @throws Error{usage}.
void check_audio_options(AudioOptions& options, const CLI::App& app);

/// @throws Error{usage} for a word or number that cannot be.
EmbedOptions to_embed_options(const AudioOptions& options, const Model& model, int threads);

/// Threads that call the model, 0 for as many as decode: a GPU is kept busy by two, and the
/// processors are left to decoding.
int workers_of(const Model& model);

/// What --audio names, in files that decoders can seek in.
std::vector<SpooledAudio> open_recordings(const AudioOptions& options,
                                          const std::atomic<bool>& stop);

/// The same as inputs, with the names as ids. `opened` must outlive their reading.
void add_recordings(const AudioOptions& options, const std::vector<SpooledAudio>& opened,
                    InputList& list);

}  // namespace claptools::cmd
