#include "claptools/pipeline/content/content_digest.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <system_error>

#include "claptools/archive/tar_reader.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/store/digest.hpp"

namespace claptools {
namespace {

std::string sha256_of(std::span<const std::uint8_t> bytes) {
  Sha256 digest;
  digest.update(std::as_bytes(bytes));
  return digest.hex();
}

std::string sha256_of_file(const std::string& path, const std::function<bool()>& go_on) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code)) return {};  // a pipe may never end
  DescriptorBuffer bytes(path, nullptr);
  Sha256 digest;
  std::array<char, 65536> block;
  for (std::streamsize count; (count = bytes.sgetn(block.data(), block.size())) > 0;) {
    digest.update(std::as_bytes(std::span(block).first(static_cast<std::size_t>(count))));
    if (go_on && !go_on()) return {};
  }
  return digest.hex();
}

}  // namespace

std::string content_sha256(const AudioSource& source, const std::function<bool()>& go_on) {
  try {
    if (source.streamed) return sha256_of(source.streamed->bytes);
    if (source.member.empty()) return sha256_of_file(source.path, go_on);
    return sha256_of(read_tar_member(source.path, source.offset, source.member));
  } catch (const Error& error) {
    if (error.fault() == Fault::unavailable || error.fault() == Fault::internal) throw;
    return {};
  }
}

std::string content_sha256(const AudioSource& source, const FileStamp& stamp,
                           const std::function<bool()>& go_on) {
  std::string sha256 = content_sha256(source, go_on);
  return stamp_of(source) == stamp ? sha256 : "";
}

}  // namespace claptools
