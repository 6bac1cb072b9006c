#include "claptools/audio/container/playlist.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace claptools {
namespace {

/// In lower case, from the first character that is no space or byte order mark on.
std::string text_of(std::span<const std::uint8_t> head) {
  std::string text;
  for (const std::uint8_t byte : head) {
    if (byte == 0) break;
    text += static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

bool is_playlist(std::span<const std::uint8_t> head) {
  const std::string text = text_of(head);
  const auto begins = [&](std::string_view part) { return text.starts_with(part); };
  if (begins("#extm3u") || begins("ffconcat version") || begins("[playlist]") ||
      begins("[reference]") || begins("rtsptext") || begins("smil"))
    return true;
  if (begins("v=0") && (holds(text, "\nm=") || holds(text, "\no="))) return true;
  if (holds(text, "\nfile \"") || begins("file \"") || begins("rem ") || begins("performer "))
    return holds(text, "track ") && holds(text, "index ");  // a cue sheet
  if (!begins("<")) return false;
  constexpr std::array<std::string_view, 6> kElements{"<mpd",  "<playlist",  "<asx",
                                                      "<smil", "<winampxml", "<assetmap"};
  return std::ranges::any_of(kElements, [&](auto element) { return holds(text, element); });
}

bool is_playlist_format(std::string_view demuxer) {
  constexpr std::array<std::string_view, 9> kNames{
      "hls", "applehttp", "concat", "dash", "sdp", "rtsp", "rtp", "imf", "webm_dash_manifest"};
  return std::ranges::any_of(kNames, [&](auto name) {
    return demuxer == name || demuxer.starts_with(std::string(name) + ",");
  });
}

}  // namespace claptools
