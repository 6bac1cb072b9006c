#include "mgaclap/core/atomic_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "mgaclap/core/error.hpp"

namespace mgaclap {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExists = "exists; use --force";
constexpr std::size_t kNameBytes = 200;  // leaves room for the suffix within the usual 255

std::string words(int error) { return std::generic_category().message(error); }

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// The path itself, or the file behind a symbolic link, once it is clear that it may be written.
fs::path writable_target(const std::string& path, bool overwrite) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (!fs::exists(status)) {
    if (failed && failed != std::errc::no_such_file_or_directory) {
      throw Error(Fault::cannot_create, path, failed.message());
    }
    if (fs::path(path).has_filename()) return path;
    throw Error(Fault::cannot_create, path, "not a file name");
  }
  if (!fs::is_regular_file(status)) {
    throw Error(Fault::cannot_create, path,
                fs::is_directory(status) ? "is a directory" : "is not a regular file");
  }
  if (!overwrite) throw Error(Fault::cannot_create, path, kExists);
  fs::path target = fs::canonical(path, failed);
  if (failed) throw Error(Fault::cannot_create, path, failed.message());
  return target;
}

/// `.NAME.part-`, which the process's number follows.
std::string part_prefix(const fs::path& target) {
  return "." + target.filename().string().substr(0, kNameBytes) + ".part-";
}

/// `.NAME.part-PID`, with a number behind it from the second attempt on.
fs::path part_name(const fs::path& target, int attempt) {
  std::string name = part_prefix(target) + std::to_string(getpid());
  if (attempt > 0) name += "." + std::to_string(attempt);
  return folder_of(target) / name;
}

/// @return 0 or the system's error number. Some file systems cannot sync a folder (EINVAL): nothing
/// to be done.
int sync_folder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int error = fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;
  close(descriptor);
  return error;
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
    : subject_(path), target_(writable_target(path, overwrite)), overwrite_(overwrite) {
  // A killed process of the same number may have left its file.
  for (int attempt = 0; descriptor_ < 0; ++attempt) {
    part_ = part_name(target_, attempt);
    descriptor_ = open(part_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) throw Error(Fault::cannot_create, path, words(errno));
  }
  flock(descriptor_, LOCK_EX | LOCK_NB);  // tells others that it is in use, where there are locks
}

AtomicFile::~AtomicFile() {
  close(descriptor_);
  if (!part_.empty()) unlink(part_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(Fault::io, subject_, words(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void AtomicFile::commit() {
  if (fsync(descriptor_) != 0) throw Error(Fault::io, subject_, words(errno));
  const int error = move_into_place(part_, target_, overwrite_);
  if (error == EEXIST) throw Error(Fault::cannot_create, subject_, kExists);
  if (error != 0) throw Error(Fault::io, subject_, words(error));
  part_.clear();
  flock(descriptor_, LOCK_UN);  // HDF5 refuses to read a locked file
  if (const int unsynced = sync_folder(folder_of(target_))) {
    throw Error(Fault::io, subject_, words(unsynced));
  }
}

void remove_abandoned(const std::string& path) {
  const fs::path target = writable_target(path, true);
  const std::string prefix = part_prefix(target);
  std::error_code failed;
  for (fs::directory_iterator it(folder_of(target), failed), end; !failed && it != end;
       it.increment(failed)) {
    if (!it->path().filename().string().starts_with(prefix)) continue;
    const int file = open(it->path().c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) continue;
    if (flock(file, LOCK_EX | LOCK_NB) == 0) unlink(it->path().c_str());
    close(file);
  }
}

}  // namespace mgaclap
