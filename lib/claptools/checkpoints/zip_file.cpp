#include "claptools/checkpoints/zip_file.hpp"

#include <cstdint>
#include <optional>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr std::uint32_t kEndSignature = 0x06054b50, kEnd64Signature = 0x06064b50,
                        kLocator64Signature = 0x07064b50, kEntrySignature = 0x02014b50,
                        kLocalSignature = 0x04034b50;
constexpr std::size_t kEndSize = 22, kLocator64Size = 20, kEnd64Size = 56, kEntrySize = 46,
                      kLocalSize = 30, kMaxComment = 65535;
constexpr std::uint16_t kZip64Field = 1;

[[noreturn]] void fail(std::string_view subject, const std::string& reason) {
  throw Error(Fault::data, subject, "checkpoint: " + reason);
}

/// Little-endian fields at checked places.
class Bytes {
 public:
  Bytes(std::span<const std::byte> bytes, std::string_view subject)
      : bytes_(bytes), subject_(subject) {}

  std::span<const std::byte> slice(std::uint64_t offset, std::uint64_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset)
      fail(subject_, "the zip archive is cut off");
    return bytes_.subspan(offset, size);
  }
  std::uint64_t number(std::uint64_t offset, int size) const {
    const auto field = slice(offset, static_cast<std::uint64_t>(size));
    std::uint64_t value = 0;
    for (int i = size - 1; i >= 0; --i) {
      value = (value << 8) | std::to_integer<std::uint64_t>(field[static_cast<std::size_t>(i)]);
    }
    return value;
  }
  std::uint16_t u16(std::uint64_t offset) const {
    return static_cast<std::uint16_t>(number(offset, 2));
  }
  std::uint32_t u32(std::uint64_t offset) const {
    return static_cast<std::uint32_t>(number(offset, 4));
  }
  std::uint64_t u64(std::uint64_t offset) const { return number(offset, 8); }
  std::size_t size() const { return bytes_.size(); }
  std::string_view subject() const { return subject_; }

 private:
  std::span<const std::byte> bytes_;
  std::string_view subject_;
};

struct Directory {
  std::uint64_t entries, size, offset;
};

Directory find_directory(const Bytes& file) {
  if (file.size() < kEndSize) fail(file.subject(), "not a zip archive");
  std::uint64_t end = file.size() - kEndSize;
  const std::uint64_t lowest = end > kMaxComment ? end - kMaxComment : 0;
  while (file.u32(end) != kEndSignature) {
    if (end-- == lowest)
      fail(file.subject(), "not a zip archive (cut off, or saved by an old torch.save?)");
  }
  Directory directory{file.u16(end + 10), file.u32(end + 12), file.u32(end + 16)};
  if (end >= kLocator64Size && file.u32(end - kLocator64Size) == kLocator64Signature) {
    const std::uint64_t end64 = file.u64(end - kLocator64Size + 8);
    file.slice(end64, kEnd64Size);
    if (file.u32(end64) != kEnd64Signature) fail(file.subject(), "the zip64 directory is damaged");
    directory = {file.u64(end64 + 32), file.u64(end64 + 40), file.u64(end64 + 48)};
  }
  file.slice(directory.offset, directory.size);
  if (directory.entries > directory.size / kEntrySize)
    fail(file.subject(), "the zip directory is damaged");
  return directory;
}

struct Entry {
  std::string name;
  std::uint32_t crc;
  std::uint64_t stored_size, size, local_offset, next;
};

/// The zip64 field holds, in this order, those of the three numbers that did not fit into 32 bits.
void apply_zip64(const Bytes& file, Entry& entry, std::uint64_t extra, std::uint64_t extra_end) {
  while (extra + 4 <= extra_end) {
    const std::uint16_t id = file.u16(extra), length = file.u16(extra + 2);
    std::uint64_t field = extra + 4;
    extra = field + length;
    if (id != kZip64Field || extra > extra_end) continue;
    for (std::uint64_t* value : {&entry.size, &entry.stored_size, &entry.local_offset}) {
      if (*value != UINT32_MAX || field + 8 > extra) continue;
      *value = file.u64(field);
      field += 8;
    }
  }
}

Entry read_entry(const Bytes& file, std::uint64_t at) {
  file.slice(at, kEntrySize);
  if (file.u32(at) != kEntrySignature) fail(file.subject(), "the zip directory is damaged");
  if (file.u16(at + 8) & 1) fail(file.subject(), "the zip archive is encrypted");
  if (file.u16(at + 10) != 0)
    fail(file.subject(), "the zip archive is compressed; torch.save stores");
  const std::uint64_t name_size = file.u16(at + 28), extra_size = file.u16(at + 30);
  const auto name = file.slice(at + kEntrySize, name_size);
  Entry entry{{reinterpret_cast<const char*>(name.data()), name.size()},
              file.u32(at + 16),
              file.u32(at + 20),
              file.u32(at + 24),
              file.u32(at + 42),
              at + kEntrySize + name_size + extra_size + file.u16(at + 32)};
  apply_zip64(file, entry, at + kEntrySize + name_size, at + kEntrySize + name_size + extra_size);
  if (entry.size != entry.stored_size) fail(file.subject(), "the zip directory is damaged");
  return entry;
}

std::span<const std::byte> member_bytes(const Bytes& file, const Entry& entry) {
  file.slice(entry.local_offset, kLocalSize);
  if (file.u32(entry.local_offset) != kLocalSignature)
    fail(file.subject(), "the zip archive is damaged");
  const std::uint64_t names =
      file.u16(entry.local_offset + 26) + std::uint64_t{file.u16(entry.local_offset + 28)};
  return file.slice(entry.local_offset + kLocalSize + names, entry.size);
}

}  // namespace

std::map<std::string, ZipMember> list_stored_zip(std::span<const std::byte> bytes,
                                                 std::string_view subject) {
  const Bytes file(bytes, subject);
  const Directory directory = find_directory(file);
  std::map<std::string, ZipMember> members;
  std::uint64_t at = directory.offset;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    Entry entry = read_entry(file, at);
    at = entry.next;
    const ZipMember member{member_bytes(file, entry), entry.crc};
    if (!members.emplace(std::move(entry.name), member).second)
      fail(subject, "a name occurs twice in the zip archive");
  }
  return members;
}

}  // namespace claptools
