#include "claptools/core/files/steady_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace claptools {

FolderWatch::FolderWatch(const std::filesystem::path& folder,
                         std::initializer_list<const char*> files) {
  paths_.push_back(folder);
  for (const char* file : files) paths_.push_back(folder / file);
  for (const auto& path : paths_) descriptors_.push_back(::open(path.c_str(), O_PATH | O_CLOEXEC));
}

FolderWatch::~FolderWatch() {
  for (const int descriptor : descriptors_) {
    if (descriptor >= 0) ::close(descriptor);
  }
}

bool FolderWatch::is_same() const {
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    struct stat then {
    }, now{};
    const bool was = descriptors_[i] >= 0 && ::fstat(descriptors_[i], &then) == 0;
    const bool is = ::stat(paths_[i].c_str(), &now) == 0;
    if (was != is || then.st_dev != now.st_dev || then.st_ino != now.st_ino) return false;
  }
  return true;
}

}  // namespace claptools
