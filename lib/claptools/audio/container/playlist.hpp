#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace claptools {

/// Whether a file that begins with these bytes only names others: M3U and HLS, PLS, XSPF, ASX,
/// SMIL, DASH, ffconcat, cue sheets, SDP. Decided by the text, not by the file's name.
bool is_playlist(std::span<const std::uint8_t> head);

/// The same for libav's name of a format.
bool is_playlist_format(std::string_view demuxer);

}  // namespace claptools
