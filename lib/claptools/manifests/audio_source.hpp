#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "claptools/audio/audio_reader.hpp"
#include "claptools/core/files/file_stamp.hpp"

namespace claptools {

/// A member of a shard that is read once: what came of it.
struct StreamedMember {
  FileStamp stamp;                  ///< by its header
  std::vector<std::uint8_t> bytes;  ///< empty where it was passed over
};

/// The place of a recording: a file, a member of an uncompressed tar shard, or memory.
struct AudioSource {
  std::string path;          ///< the file that contains the bytes
  std::string member = {};   ///< its name in the shard `path`; empty: `path` is the recording
  std::uint64_t offset = 0;  ///< of the member's header
  std::shared_ptr<const StreamedMember> streamed = {};  ///< of a shard that is read once

  /// PATH, PATH/MEMBER or, without a path, MEMBER: the id of a member, and for messages.
  std::string name() const;
};

/// Of the file that contains the bytes, or of the member of a stream.
FileStamp stamp_of(const AudioSource& source);

/// A recording that is decoded, once or again; the bytes of a shard's member are held as long.
class Sound {
 public:
  /// @throws as read_tar_member.
  explicit Sound(const AudioSource& source);
  Sound(const Sound&) = delete;
  Sound& operator=(const Sound&) = delete;

  /// At its beginning; this must outlive the reader. @throws as AudioReader.
  AudioReader open(int sample_rate, const StreamChoice& stream = {}) const;

 private:
  AudioSource source_;
  std::vector<std::uint8_t> member_;  ///< of a shard
  std::span<const std::uint8_t> bytes_;
};

}  // namespace claptools
