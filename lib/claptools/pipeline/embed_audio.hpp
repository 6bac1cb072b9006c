#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/audio/short_audio.hpp"
#include "claptools/audio/stream_choice.hpp"
#include "claptools/core/files/file_stamp.hpp"
#include "claptools/engine/model.hpp"
#include "claptools/manifests/audio_source.hpp"
#include "claptools/pipeline/run_position.hpp"
#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// One recording to embed.
struct AudioInput {
  std::string id;  ///< the name as given, kept as the row's id
  AudioSource audio;
  std::vector<std::string> meta;  ///< copied to the rows, one value per column
  std::string broken = {};        ///< why it cannot be read, if that is known already
  bool is_stream = false;  ///< a tar shard that is read once: InputReader gives its recordings
};

/// Gives the next input, or nothing at the end. Never called by two threads at once.
using InputSource = std::function<std::optional<AudioInput>()>;

/// One row per window, or one row per recording.
enum class Pooling {
  none,
  codebook,  ///< the paper's maximum, over the affinities of all windows, before sparsemax
  mean,      ///< mean of the windows' embeddings, normalised
  first,     ///< the first window only, as the official scripts do
  fusion,    ///< one pass over views of the whole recording, by models that join them
};

/// @throws Error{usage} naming the model if it has no frame embeddings.
void require_frames(const ModelSpec& spec);

std::string_view to_string(Pooling pooling);

/// The time that counts as 0 s.
enum class TimeZero {
  audio,      ///< its first sample
  container,  ///< the start of the earliest sound or picture of its file
};

std::string_view to_string(TimeZero zero);

struct EmbedOptions {
  double window_s = 10;  ///< 0 < window_s <= the model's
  double hop_s = 10;     ///< > 0
  double min_tail_s =
      0.5;  ///< a last window with less new audio is dropped unless it is the only one
  ShortAudio short_audio = ShortAudio::zero;
  Pooling pooling = Pooling::none;
  /// With Pooling::none or first: frames of pooled windows would need memory that grows with the
  /// recording.
  bool frames = false;
  int threads = 1;            ///< that decode
  int workers = 0;            ///< that call the model; 0: as many as decode
  std::size_t batch = 1;      ///< windows per pass through the model
  bool strict = false;        ///< the first failed input ends the run with its error
  double max_duration_s = 0;  ///< longer recordings fail; 0: no limit
  StreamChoice stream = {};   ///< of files with several audio streams
  TimeZero time_zero = TimeZero::audio;
  /// A decoder that has produced no further window for this long has failed.
  double file_timeout_s = 60;
  bool digests = false;  ///< SHA-256 of what was read: EndedInput::sha256

  /// Batches do not cross block boundaries. A block ends after block() inputs or block() windows,
  /// whichever comes first.
  std::size_t block() const { return std::max<std::size_t>(64, 16 * batch); }
};

/// An input that is finished.
struct EndedInput {
  const AudioInput& input;
  const InputError* failure = nullptr;  ///< null if it was embedded
  FileStamp stamp;               ///< of its file before it was read; none if even that was stuck
  double seconds = 0;            ///< of audio; 0 if it failed
  double wall_s = 0;             ///< from its opening to its last row
  RunPosition next;              ///< of the input after it
  bool can_resume_here = false;  ///< a run that begins at `next` makes the same batches as this one
  bool ends_part = false;        ///< implies can_resume_here
  std::string warning = {};      ///< AudioReader::warning, if it was embedded
  std::string sha256 = {};  ///< of its content, if that is asked for, and was the same to the end
};

/// Receives rows in the order of the inputs, and failures among them. Called from the thread that
/// called embed_audio.
struct RowSink {
  std::function<void(const EmbeddingRows&)> rows;
  std::function<void(const InputError&)> error;
  /// Inputs done, seconds of audio, those of the input in hand included; may be empty.
  std::function<void(std::size_t inputs, double seconds)> progress = {};
  /// After the rows or the failure of an input, and before those of the next one; false ends the
  /// run. May be empty.
  std::function<bool(const EndedInput&)> ended = {};
  /// For an input that was embedded although it is not as its file says. May be empty.
  std::function<void(const std::string& id, const std::string& text)> warning = {};
};

struct EmbedSummary {
  std::size_t inputs = 0, failed = 0, rows = 0;
  double seconds = 0;        ///< of audio embedded
  bool interrupted = false;  ///< `stop` was set before the end
  double wall_s = 0;         ///< from the first call of the model to the end of the last
  double idle_s = 0;         ///< of these, without a call of the model
  double ingest_s = 0;       ///< processor time of all decoding threads
};

/// Embeds recordings: listing, decoding, the model and the sink run at the same time through
/// bounded queues; memory does not grow with the number or the length of the inputs. The rows do
/// not depend on which worker finishes first. A recording of several windows is decoded to its end
/// before its first row is given, so a damaged recording gives no rows.
/// @param stop when set (from a signal handler), the current batches are finished and the run ends.
/// @param from position of the first input that `next` gives: 0, or where an earlier run ended.
/// @throws Error{usage} for invalid options; what the model or the sink throw; with `strict` the
/// error of the first failed input.
EmbedSummary embed_audio(const Model& model, const InputSource& next, const EmbedOptions& options,
                         const RowSink& sink, const std::atomic<bool>& stop,
                         const RunPosition& from = {});

}  // namespace claptools
