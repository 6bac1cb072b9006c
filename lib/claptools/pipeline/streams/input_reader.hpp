#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "claptools/pipeline/inputs.hpp"
#include "claptools/pipeline/streams/streamed_shard.hpp"

namespace claptools {

/// Recordings in order. In place of a shard that can be read once come its recordings, which are in
/// memory then; one that is not sound ends with an input that fails. One thread at a time.
class InputReader {
 public:
  /// Of a list without streams. NOLINTNEXTLINE(google-explicit-constructor)
  InputReader(const std::vector<AudioInput>& inputs);
  /// The same. NOLINTNEXTLINE(google-explicit-constructor)
  InputReader(PackedInputs inputs);
  /// @param names the list that they were taken from.
  InputReader(PackedInputs inputs, InputList names, StreamOptions options);

  /// @param with_audio the sound of members, too: else they can only be compared and counted.
  std::optional<AudioInput> next(bool with_audio = true);

  /// As far as they are known: more may follow as shards name them.
  const std::vector<std::string>& columns() const { return list_.columns(); }

  /// Number of recordings, if there are no streams.
  std::optional<std::size_t> size() const;

 private:
  void read_stream(const AudioInput& shard, bool with_audio);

  PackedInputs inputs_;
  InputList list_;        ///< names columns of streams as those of the list
  std::size_t next_ = 0;  ///< of inputs_
  StreamOptions options_{nullptr, 0, {}};
  std::unique_ptr<StreamedShard> stream_;
  bool any_ = false;              ///< of stream_
  std::deque<AudioInput> ready_;  ///< of the key in hand
};

}  // namespace claptools
