#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace claptools {

/// Whether a file that begins so only names others: M3U and HLS, PLS, XSPF, ASX, SMIL, DASH,
/// ffconcat, cue sheets, SDP. Text is looked at, not the file's name.
bool is_playlist(std::span<const std::uint8_t> head);

/// The same of libav's name of a format.
bool is_playlist_format(std::string_view demuxer);

}  // namespace claptools
