#include <algorithm>
#include <numeric>

#include "claptools/audio/container/container_bytes.hpp"
#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr std::size_t kHeader = 27;
constexpr std::uint8_t kBeginOfStream = 2, kEndOfStream = 4;

/// A page's flags and size. RFC 3533: 27 bytes, a table of segment lengths, the segments.
struct Page {
  bool is_page = false;
  std::uint8_t flags = 0;
  std::uint64_t size = 0;
};

Page parse_page(Bytes bytes) {
  if (bytes.size() < kHeader || !matches(bytes, 0, std::string_view("OggS\0", 5))) return {};
  const std::size_t segments = bytes[kHeader - 1];
  if (bytes.size() < kHeader + segments) return {};
  const Bytes table = bytes.subspan(kHeader, segments);
  return {true, bytes[5], std::accumulate(table.begin(), table.end(), kHeader + segments)};
}

Page read_page(const InputFile& file, std::uint64_t at) {
  return parse_page(read_some(file, at, kHeader + 255));
}

constexpr const char* kNoEnd = "cut off: the last Ogg page does not end its stream";

std::string early_end_of_ogg(const InputFile& file) {
  constexpr std::uint64_t kTwoPages = 2 * (kHeader + 255 + std::uint64_t{255} * 255);
  const std::uint64_t count = std::min(file.size(), kTwoPages);
  const auto tail = read_some(file, file.size() - count, static_cast<std::size_t>(count));
  for (std::size_t at = tail.size(); at-- > 0;) {
    if (!matches(tail, at, std::string_view("OggS\0", 5))) continue;
    const Page page = parse_page(Bytes(tail).subspan(at));
    if (!page.is_page || page.size > tail.size() - at) return "cut off within an Ogg page";
    return (page.flags & kEndOfStream) != 0 ? "" : kNoEnd;
  }
  return "cut off or damaged: no Ogg page near the end";
}

struct Link {
  FileView view;
  bool ends = true;  ///< its last page says so, as far as another link follows
};

/// The link that begins at `begin`: pages that begin its streams, then others up to the next page
/// that begins one. Where no page follows, libav is to look for the next.
Link find_link(const InputFile& file, std::uint64_t begin) {
  bool in_head = true;
  std::uint8_t before = 0;
  for (std::uint64_t at = begin; at < file.size();) {
    const Page page = read_page(file, at);
    if (!page.is_page) break;
    const bool begins = (page.flags & kBeginOfStream) != 0;
    if (begins && !in_head) return {{.begin = begin, .end = at}, (before & kEndOfStream) != 0};
    in_head = in_head && begins;
    before = page.flags;
    at += page.size;
  }
  return {{.begin = begin, .end = file.size()}};
}

constexpr const char* kCutLink = "cut off: a stream of its Ogg chain does not end";

}  // namespace

void inspect_ogg(const InputFile& file, Container& container) {
  container.cut = early_end_of_ogg(file);
  if (!container.cut.empty()) return;
  const Link link = find_link(file, 0);
  container.view = link.view;
  if (!link.ends) container.cut = kCutLink;
}

std::optional<FileView> next_link(const InputFile& file, const FileView& link) {
  if (link.end >= file.size() || !read_page(file, link.end).is_page) return std::nullopt;
  const Link next = find_link(file, link.end);
  if (!next.ends) throw Error(Fault::data, file.name(), kCutLink);
  return next.view;
}

}  // namespace claptools
