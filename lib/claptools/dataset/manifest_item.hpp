#pragma once

#include <cstddef>
#include <string>

#include "claptools/dataset/manifest.hpp"
#include "claptools/manifests/record.hpp"

namespace claptools {

/// What the header of a manifest says of all items.
/// @return captions of an item that does not state its own number; 0: as many as follow.
/// @throws Error{data} unless a table has captions, and columns that name the audio.
std::size_t read_header(const Record& header, const std::string& audio_name);

/// What a record says of a clip, as it is written: the audio's path without a folder, captions not
/// cleaned; both may be absent. The audio is named by `audio`; else by `audio_name`
/// (ManifestOptions), if that is not the default and the record has its columns; else by another
/// column of kAudioColumns or the default name.
/// @param per_audio as read_header gave it. @throws Error{data} as Record::fail.
ManifestItem read_item(const Record& record, const std::string& audio_name,
                       std::size_t per_audio = 0);

}  // namespace claptools
