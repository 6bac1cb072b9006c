#include "claptools/core/files/scratch.hpp"

#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRandom = 8;  // letters of a part's name

/// A signal's handler reaches nothing but such memory.
struct Slot {
  enum State : int { empty, filling, used };
  std::atomic<int> state{empty};
  pid_t process = 0;  ///< a child of it must leave the name alone
  std::array<char, PATH_MAX> path{};
};
std::array<Slot, 64> slots;
static_assert(std::atomic<int>::is_always_lock_free);

/// As getdents64 gives it.
struct Entry {
  std::uint64_t inode;
  std::int64_t offset;
  unsigned short bytes;
  unsigned char type;
  char name[1];
};

constexpr int kDepth = 32;  // folders inside a scratch folder: labels lie as their recordings do

/// rm -r for a handler: no memory is asked for.
void remove_folder(int parent, const char* name, int depth) noexcept {
  const int folder =
      ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (folder < 0) return;
  alignas(Entry) std::array<char, 4096> buffer;
  for (long size; (size = ::syscall(SYS_getdents64, folder, buffer.data(), buffer.size())) > 0;) {
    for (long at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const Entry*>(buffer.data() + at);
      at += entry->bytes;
      if (std::strcmp(entry->name, ".") == 0 || std::strcmp(entry->name, "..") == 0) continue;
      if (::unlinkat(folder, entry->name, 0) != 0 && depth > 0) {
        remove_folder(folder, entry->name, depth - 1);
      }
    }
  }
  ::close(folder);
  ::unlinkat(parent, name, AT_REMOVEDIR);
}

bool is_random(std::string_view text) {
  return text.size() == kRandom && std::ranges::all_of(text, [](unsigned char c) {
           return std::isdigit(c) || std::islower(c);
         });
}

/// As the tools before named them: the number of a process, and of an attempt.
bool is_number(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) || c == '.'; });
}

void remove_if_dead(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return;
  struct stat status {};
  if (::flock(file, LOCK_EX | LOCK_NB) == 0 && ::fstat(file, &status) == 0) {
    if (S_ISDIR(status.st_mode)) remove_folder(AT_FDCWD, path.c_str(), kDepth);
    if (S_ISREG(status.st_mode)) ::unlink(path.c_str());
  }
  ::close(file);
}

/// Where a folder waits for its name while another takes it.
fs::path aside_of(const fs::path& target) { return hidden_beside(target, ".old"); }

fs::path without_slash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

void rename_folder(const fs::path& from, const fs::path& to, const fs::path& subject) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    throw Error(Fault::io, subject.native(), system_reason(errno));
  }
}

void take_mode(const fs::path& from, const fs::path& to) {
  struct stat status {};
  if (::stat(from.c_str(), &status) != 0) return;
  if (::chown(to.c_str(), status.st_uid, status.st_gid) != 0) {
    // Only an administrator may give files away.
  }
  ::chmod(to.c_str(), status.st_mode & 07777);
}

}  // namespace

ScratchName::ScratchName(const fs::path& path) {
  const std::string& text = path.native();
  if (text.size() >= PATH_MAX) return;
  for (std::size_t i = 0; i < slots.size() && slot_ < 0; ++i) {
    int expected = Slot::empty;
    if (!slots[i].state.compare_exchange_strong(expected, Slot::filling)) continue;
    std::copy_n(text.c_str(), text.size() + 1, slots[i].path.begin());
    slots[i].process = ::getpid();
    slots[i].state = Slot::used;
    slot_ = static_cast<int>(i);
  }
}

ScratchName::ScratchName(ScratchName&& other) noexcept : slot_(std::exchange(other.slot_, -1)) {}

ScratchName& ScratchName::operator=(ScratchName&& other) noexcept {
  std::swap(slot_, other.slot_);
  return *this;
}

ScratchName::~ScratchName() {
  if (slot_ >= 0) slots[static_cast<std::size_t>(slot_)].state = Slot::empty;
}

void remove_scratch() noexcept {
  for (Slot& slot : slots) {
    if (slot.state != Slot::used || slot.process != ::getpid()) continue;
    if (::unlink(slot.path.data()) != 0) remove_folder(AT_FDCWD, slot.path.data(), kDepth);
  }
}

fs::path random_part_name(const fs::path& target) {
  constexpr std::string_view kLetters = "0123456789abcdefghijklmnopqrstuv";
  std::array<unsigned char, kRandom> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw Error(Fault::io, target.native(), system_reason(errno));
  }
  std::string suffix = ".part-";
  for (const unsigned char byte : bytes) suffix += kLetters[byte % kLetters.size()];
  return hidden_beside(target, suffix);
}

void remove_abandoned(const fs::path& given) {
  const fs::path target = without_slash(given);
  remove_if_dead(hidden_beside(target, ".lock"));
  const std::string begin = hidden_beside(target, ".part").filename();
  std::error_code failed;
  for (fs::directory_iterator it(folder_of(target), failed), end; !failed && it != end;
       it.increment(failed)) {
    const std::string name = it->path().filename();
    if (!name.starts_with(begin) || name.size() == begin.size()) continue;
    const std::string_view rest = std::string_view(name).substr(begin.size() + 1);
    const char joint = name[begin.size()];  // indexes had "." before the number
    if ((joint == '-' && (is_random(rest) || is_number(rest))) ||
        (joint == '.' && is_number(rest))) {
      remove_if_dead(it->path());
    }
  }
}

ScratchFolder::ScratchFolder(const fs::path& target) : target_(without_slash(target)) {
  path_ = random_part_name(target_);
  name_ = ScratchName(path_);
  if (::mkdir(path_.c_str(), 0777) != 0) {
    throw Error(Fault::cannot_create, target.native(), system_reason(errno));
  }
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ >= 0) ::flock(descriptor_, LOCK_EX | LOCK_NB);  // tells others that it is in use
}

ScratchFolder::~ScratchFolder() {
  if (!path_.empty()) remove_folder(AT_FDCWD, path_.c_str(), kDepth);
  if (descriptor_ >= 0) ::close(descriptor_);
}

void ScratchFolder::publish(bool replace) {
  const std::string& subject = target_.native();
  sync_folder(path_, subject);
  if (replace && is_there(target_, Fault::cannot_create)) {
    take_mode(target_, path_);
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) != 0) {
      if (errno != EINVAL && errno != ENOSYS) {
        throw Error(Fault::cannot_create, subject, system_reason(errno));
      }
      const fs::path aside = aside_of(target_);  // some network file systems cannot exchange
      rename_folder(target_, aside, target_);
      sync_folder(folder_of(target_), subject);
      rename_folder(path_, target_, target_);
      rename_folder(aside, path_, target_);
    }
  } else if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) ==
             0) {
    name_ = {};
    path_.clear();
  } else if (errno == EEXIST) {
    throw Error(Fault::cannot_create, subject, "exists; use `overwrite`");
  } else if (errno != EINVAL && errno != ENOSYS) {
    throw Error(Fault::cannot_create, subject, system_reason(errno));
  } else {
    rename_folder(path_, target_, target_);  // fails if anything but an empty folder is there
    name_ = {};
    path_.clear();
  }
  sync_folder(folder_of(target_), subject);
}

fs::path current_folder(const fs::path& path) {
  std::error_code none;
  const fs::path aside = aside_of(without_slash(path));
  return !fs::exists(path, none) && fs::is_directory(aside, none) ? aside : path;
}

void restore_folder(const fs::path& path) {
  const fs::path current = current_folder(path);
  if (current != path) rename_folder(current, without_slash(path), path);
}

}  // namespace claptools
