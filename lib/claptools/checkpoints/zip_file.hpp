#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace claptools {

struct ZipMember {
  std::span<const std::byte> bytes;
  std::uint32_t crc = 0;  ///< CRC-32 of the bytes; 0: the writer did not compute it
};

/// Members of a zip archive whose members are stored, not compressed, as torch.save writes them;
/// views into `bytes`. Offsets and sizes are checked against the file.
/// @throws Error{data} for what is not such an archive: cut off, compressed, encrypted, a duplicate
/// name.
std::map<std::string, ZipMember> list_stored_zip(std::span<const std::byte> bytes,
                                                 std::string_view subject);

}  // namespace claptools
