#include "claptools/core/files/atomic_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExists = "exists; use `overwrite`";
constexpr std::size_t kHeadBytes = 64;

/// The path itself, or the file behind a symbolic link, once it is clear that it may be written.
fs::path writable_target(const std::string& path, bool overwrite) {
  const fs::file_status status = status_of(path, Fault::cannot_create);
  if (!fs::exists(status)) {
    if (fs::path(path).has_filename()) return path;
    throw Error(Fault::cannot_create, path, "not a file name");
  }
  if (!fs::is_regular_file(status)) {
    throw Error(Fault::cannot_create, path,
                fs::is_directory(status) ? "is a directory" : "is not a regular file");
  }
  if (!overwrite) throw Error(Fault::cannot_create, path, kExists);
  std::error_code failed;
  fs::path target = fs::canonical(path, failed);
  if (failed) throw Error(Fault::cannot_create, path, failed.message());
  return target;
}

/// What a shell redirection keeps of the file that it overwrites.
void take_owner_and_mode(const fs::path& from, int to) {
  struct stat status {};
  if (::stat(from.c_str(), &status) != 0) return;
  if (::fchown(to, status.st_uid, status.st_gid) != 0) {
    // Only an administrator may give files away.
  }
  ::fchmod(to, status.st_mode & 07777);
}

/// @return 0 or the system's error number.
int move_into_place(const fs::path& from, const fs::path& to, bool overwrite) {
  if (!overwrite) {
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    // The file system has no such rename; the check at the start has to do.
  }
  return rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path, bool overwrite)
    : subject_(path),
      target_(writable_target(path, overwrite)),
      overwrite_(overwrite),
      lock_(path) {
  remove_abandoned(target_);
  while (descriptor_ < 0) {
    part_ = random_part_name(target_);
    name_ = ScratchName(part_);
    descriptor_ = open(part_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) {
      throw Error(Fault::cannot_create, path, system_reason(errno));
    }
  }
  flock(descriptor_, LOCK_EX | LOCK_NB);  // tells others that it is in use, where there are locks
  if (overwrite_) take_owner_and_mode(target_, descriptor_);
}

AtomicFile::~AtomicFile() {
  close(descriptor_);
  if (!part_.empty()) unlink(part_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  const auto head = bytes.first(std::min(bytes.size(), kHeadBytes - head_.size()));
  head_.insert(head_.end(), head.begin(), head.end());
  written_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(Fault::io, subject_, system_reason(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void AtomicFile::truncate(std::size_t size) {
  const auto end = static_cast<off_t>(size);
  if (ftruncate(descriptor_, end) != 0 || lseek(descriptor_, end, SEEK_SET) != end) {
    throw Error(Fault::io, subject_, system_reason(errno));
  }
  written_ = size;
  head_.resize(std::min(size, head_.size()));
}

/// A file system may lose bytes without a word; an empty file must not pass for a result.
void AtomicFile::read_back() const {
  struct stat status {};
  bool kept = fstat(descriptor_, &status) == 0 && status.st_size >= static_cast<off_t>(written_);
  std::vector<std::byte> found(head_.size());
  for (std::size_t done = 0; kept && done < found.size();) {
    const ssize_t count =
        pread(descriptor_, found.data() + done, found.size() - done, static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(Fault::io, subject_, system_reason(errno));
    kept = count > 0;
    done += static_cast<std::size_t>(count);
  }
  if (!kept || found != head_) {
    throw Error(Fault::io, subject_, "cannot be read back after writing");
  }
}

void AtomicFile::commit() {
  read_back();
  if (fsync(descriptor_) != 0) throw Error(Fault::io, subject_, system_reason(errno));
  const int error = move_into_place(part_, target_, overwrite_);
  if (error == EEXIST) throw Error(Fault::cannot_create, subject_, kExists);
  if (error != 0) throw Error(Fault::io, subject_, system_reason(error));
  part_.clear();
  name_ = {};
  flock(descriptor_, LOCK_UN);  // HDF5 refuses to read a locked file
  sync_folder(folder_of(target_), subject_);
}

}  // namespace claptools
