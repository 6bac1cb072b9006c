#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include "claptools/audio/input_file.hpp"

namespace claptools {

/// The part of a file that libav reads: `head`, which is most often empty, and then the bytes
/// [begin, end) of the file.
struct FileView {
  std::string head = {};
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  std::uint64_t size() const { return head.size() + (end - begin); }

  /// @return bytes read; fewer than asked for at the end and where the head ends.
  /// @throws Error{io}
  std::size_t read_at(const InputFile& file, std::uint64_t offset,
                      std::span<std::uint8_t> bytes) const {
    if (offset >= size()) return 0;
    if (offset < head.size()) {
      const auto rest = std::span(head).subspan(static_cast<std::size_t>(offset));
      const std::size_t count = std::min(rest.size(), bytes.size());
      std::copy_n(rest.begin(), count, bytes.begin());
      return count;
    }
    const std::uint64_t count = std::min<std::uint64_t>(bytes.size(), size() - offset);
    return file.read_at(begin + (offset - head.size()),
                        bytes.first(static_cast<std::size_t>(count)));
  }
};

}  // namespace claptools
