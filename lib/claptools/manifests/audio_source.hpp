#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "claptools/audio/audio_reader.hpp"

namespace claptools {

/// The place of a recording: a file, or a member of an uncompressed tar shard.
struct AudioSource {
  std::string path;          ///< the file that contains the bytes
  std::string member = {};   ///< its name in the shard `path`; empty: `path` is the recording
  std::uint64_t offset = 0;  ///< of the member's header

  /// For messages: PATH or PATH/MEMBER.
  std::string name() const { return member.empty() ? path : path + "/" + member; }
};

/// A recording that is decoded, once or again; the bytes of a shard's member are held as long.
class Sound {
 public:
  /// @throws as read_tar_member.
  explicit Sound(const AudioSource& source);

  /// At its beginning; this must outlive the reader. @throws as AudioReader.
  AudioReader open(int sample_rate, const StreamChoice& stream = {}) const;

 private:
  AudioSource source_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace claptools
