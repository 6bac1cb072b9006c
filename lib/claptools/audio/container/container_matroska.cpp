#include <bit>
#include <optional>

#include "claptools/audio/container/container_bytes.hpp"

namespace claptools {
namespace {

constexpr std::uint64_t kEbml = 0x1A45DFA3, kSegment = 0x18538067, kCluster = 0x1F43B675;

/// An EBML element's head: identifier of 1-4 bytes and size of 1-8 bytes, RFC 8794.
struct Element {
  std::uint64_t id;
  std::uint64_t data_offset;
  std::optional<std::uint64_t> size;  ///< none: unknown, as live streams have it
};

enum class Head { whole, cut, damaged };

Head read_element(const InputFile& file, std::uint64_t at, Element& element) {
  const auto head = read_some(file, at, 12);
  if (head.empty()) return Head::cut;
  const auto id_length = static_cast<std::size_t>(std::countl_zero(head[0])) + 1;
  if (id_length > 4) return Head::damaged;
  if (head.size() <= id_length) return Head::cut;
  const auto size_length = static_cast<std::size_t>(std::countl_zero(head[id_length])) + 1;
  if (size_length > 8) return Head::damaged;
  if (head.size() < id_length + size_length) return Head::cut;
  const std::uint64_t mask = (std::uint64_t{1} << (7 * size_length)) - 1;
  const std::uint64_t size = big_endian(Bytes(head).subspan(id_length, size_length)) & mask;
  element = {big_endian(Bytes(head).first(id_length)), at + id_length + size_length, size};
  if (size == mask) element.size.reset();
  return Head::whole;
}

}  // namespace

/// A Segment or Cluster of unknown size is as long as what it holds, so it is entered: that is how
/// browsers record and what ffmpeg writes to a pipe. Every block has a size of its own.
std::string early_end_of_matroska(const InputFile& file) {
  constexpr const char* kReason = "cut off within a Matroska element";
  bool is_live = false;
  for (std::uint64_t at = 0; at < file.size();) {
    Element element{};
    const Head head = read_element(file, at, element);
    if (head == Head::cut) return kReason;
    if (head == Head::damaged) return "";  // libav finds the next cluster
    if (!element.size) {
      if (element.id != kEbml && element.id != kSegment && element.id != kCluster) return "";
      is_live = true;
      at = element.data_offset;
      continue;
    }
    if (*element.size > file.size() - element.data_offset) return kReason;
    if (element.id == kSegment && !is_live) return "";
    at = element.data_offset + *element.size;
  }
  return "";
}

}  // namespace claptools
