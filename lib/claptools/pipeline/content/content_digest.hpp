#pragma once

#include <functional>
#include <string>

#include "claptools/core/files/file_stamp.hpp"
#include "claptools/manifests/audio_source.hpp"

namespace claptools {

/// SHA-256 of a recording, as sha256sum prints it: of the file's bytes, or of those of a shard's
/// member.
/// @param go_on asked between blocks of bytes; false ends the reading. May be empty.
/// @return empty if it cannot be read whole, or is not a regular file.
std::string content_sha256(const AudioSource& source, const std::function<bool()>& go_on = {});

/// The same of the state that the stamp identifies; empty if the file has changed since.
std::string content_sha256(const AudioSource& source, const FileStamp& stamp,
                           const std::function<bool()>& go_on);

}  // namespace claptools
