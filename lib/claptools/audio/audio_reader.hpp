#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "claptools/audio/audio_limits.hpp"
#include "claptools/audio/stream_choice.hpp"

namespace claptools {

/// Audio of any file that libav reads, as one stream: decoded, channels averaged, resampled. Memory
/// does not depend on the length. One audio stream is taken (video files too), encoder delay and
/// padding are dropped; of an Ogg chain all links are read, whatever their codecs and sample rates.
/// The format is recognised by the content, never by the name, and no other file is opened: a name
/// such as "http://x" is that of a plain file, and playlists are refused. Source:
/// docs/reference/pipeline.md, steps 1-3.
class AudioReader {
 public:
  /// @param sample_rate of the output, Hz.
  /// @throws Error{no_input} if the file is missing or unreadable; {data} if it is empty, not a
  ///         regular file, not audio, cut off (as far as its container tells at once), without an
  ///         audio stream or samples, or outside the limits; {io} if reading fails.
  AudioReader(const std::filesystem::path& path, int sample_rate, const StreamChoice& choice = {},
              const AudioLimits& limits = {});
  /// The same of a file's bytes in memory, such as a member of a tar shard.
  /// @param bytes must outlive the reader. @param name for messages.
  AudioReader(std::span<const std::uint8_t> bytes, const std::string& name, int sample_rate,
              const StreamChoice& choice = {}, const AudioLimits& limits = {});
  AudioReader(AudioReader&&) noexcept;
  AudioReader& operator=(AudioReader&&) noexcept;
  ~AudioReader();

  /// Fills `mono` from the front, [-1, 1] for integer sources.
  /// @return samples written; fewer than asked for only at the end, then 0.
  /// @throws Error{data} for NaN or infinite samples, for a stream that is damaged or ends before
  ///         its container says, or whose sample rate or channels change; {io} if reading fails.
  ///         Discard what was read before: half a recording is not returned as a whole one.
  std::size_t read(std::span<float> mono);

  /// Decodes what is left without resampling it, to see whether the stream is whole.
  /// @param go_on asked before each block; false ends it early.
  /// @return samples of the whole stream up to there, as read() counts them. @throws as read().
  std::uint64_t skip_rest(const std::function<bool()>& go_on);

  /// Time of the first sample on the clock of its container, s: 0 is the start of the earliest
  /// sound or picture of the file, as in players. 0 if the container has no clock.
  double start_s() const;

  /// How the audio differs from what the file says although it is read, or "": bytes after the
  /// audio that no header counts, gaps in the time stamps. Complete at the end of the stream.
  std::string warning() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace claptools
