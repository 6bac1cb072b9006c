#pragma once

#include <filesystem>
#include <initializer_list>
#include <vector>

#include "claptools/core/error.hpp"

namespace claptools {

/// Tells whether the files of a folder are still the same files: not whether their contents
/// changed, which ours never do, but whether other files have taken their names.
class FolderWatch {
 public:
  /// @param files in the folder; they need not be there.
  FolderWatch(const std::filesystem::path& folder, std::initializer_list<const char*> files);
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;
  ~FolderWatch();

  bool is_same() const;

 private:
  std::vector<std::filesystem::path> paths_;
  std::vector<int> descriptors_;  ///< open, so that no new file gets the same number; -1: none
};

/// What `read` makes of a folder that a writer may replace at any moment: all of it from one state.
/// Files are read again until that succeeds; a failure counts only if nothing was replaced
/// meanwhile.
/// @throws what `read` throws, Error{io} if the files are replaced again and again.
template <class Read>
auto read_steadily(const std::filesystem::path& folder, std::initializer_list<const char*> files,
                   const Read& read) {
  constexpr int kAttempts = 1000;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const FolderWatch watch(folder, files);
    try {
      auto result = read();
      if (watch.is_same()) return result;
    } catch (const Error&) {
      if (watch.is_same()) throw;
    }
  }
  throw Error(Fault::io, folder.native(), "is replaced again and again while it is read");
}

}  // namespace claptools
