#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "claptools/archive/tar_reader.hpp"
#include "claptools/core/files/piped_command.hpp"
#include "claptools/core/log.hpp"
#include "claptools/pipeline/inputs.hpp"

namespace claptools {

/// What is wrong with a shard that has none.
inline constexpr const char* kNoMembers = "no members with a key and an extension";

/// How shards that can be read once are read.
struct StreamOptions {
  const std::atomic<bool>* stop = nullptr;           ///< ends them; must outlive their reading
  std::uint64_t max_member = TarLimits().max_bytes;  ///< bytes of the members of a key
  Log log = {};
};

/// The recordings of a shard that is read once, key after key, as add_shards has them. Their ids
/// are "ID/MEMBER" with the shard's id; without one, the members' names. A shard whose path begins
/// with kPipe is what a command writes.
class StreamedShard {
 public:
  StreamedShard(const AudioInput& shard, const StreamOptions& options);
  StreamedShard(const StreamedShard&) = delete;
  StreamedShard& operator=(const StreamedShard&) = delete;

  /// Adds the recordings of the next key. @param with_audio their sound, not only what is said of
  /// it. @return false at the end.
  /// @throws as TarReader; Error{data} if the command fails, which is then the reason that counts.
  bool next(InputList& list, bool with_audio);

 private:
  std::optional<TarSample> read();
  void end_command();

  AudioInput shard_;
  StreamOptions options_;
  bool with_audio_ = false;
  std::optional<PipedCommand> command_;
  std::unique_ptr<TarReader> reader_;
};

}  // namespace claptools
