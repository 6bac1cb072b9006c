#pragma once

#include <array>
#include <string>
#include <string_view>

namespace claptools {

/// Columns and keys that name a recording.
inline constexpr std::array kAudioColumns = {"audio",    "file",  "path", "file_name",
                                             "filename", "fname", "wav"};

/// Whether a file name ends like one of the formats that a folder is searched for (.wav, .flac,
/// .ogg, .opus, .mp3, .m4a, ...).
bool has_audio_extension(const std::string& path);

/// .tsv, .csv, .jsonl and .ndjson.
bool is_manifest_name(std::string_view path);

/// @throws Error{no_input} unless it is empty or a folder.
void require_audio_root(const std::string& folder);

}  // namespace claptools
