#include "claptools/core/files/file_stamp.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace claptools {

FileStamp stamp_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return {status.st_size, status.st_mtim.tv_sec * std::int64_t{1000000000} + status.st_mtim.tv_nsec,
          ::access(path.c_str(), R_OK) == 0};
}

}  // namespace claptools
