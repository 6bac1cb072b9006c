#include "claptools/core/files/output_path.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <span>
#include <system_error>

#include "claptools/core/checksum.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameBytes = 200;  // leaves room for the suffix within the usual 255

std::string bounded(const std::string& name) {
  if (name.size() <= kNameBytes) return name;
  const std::uint64_t sum = xxh64(std::as_bytes(std::span(name)));
  std::array<char, 18> text{};
  std::snprintf(text.data(), text.size(), "~%016llx", static_cast<unsigned long long>(sum));
  return name.substr(0, kNameBytes - 17) + text.data();
}

}  // namespace

fs::file_status status_of(const fs::path& path, Fault fault) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (status.type() == fs::file_type::none) throw Error(fault, path.native(), failed.message());
  return status;
}

bool is_there(const fs::path& path, Fault fault) { return fs::exists(status_of(path, fault)); }

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

fs::path hidden_beside(const fs::path& target, std::string_view suffix) {
  return folder_of(target) / ("." + bounded(target.filename().string()) + std::string(suffix));
}

void sync_folder(const fs::path& folder, std::string_view subject) {
  constexpr std::array kCannot{EINVAL, ENOTSUP, EBADF, ENOSYS, ENOTTY};
  const int descriptor =
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0 && errno == EACCES) return;
  const int error = descriptor < 0 || ::fsync(descriptor) != 0 ? errno : 0;
  if (descriptor >= 0) ::close(descriptor);
  if (error != 0 && std::ranges::find(kCannot, error) == kCannot.end()) {
    throw Error(Fault::io, subject, system_reason(error));
  }
}

}  // namespace claptools
