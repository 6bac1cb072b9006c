#pragma once

#include <atomic>
#include <string>

namespace claptools {

/// A recording that comes through a pipe. Decoders seek, so all of it is copied into a file without
/// a name in $TMPDIR, which is gone with this object or process. What is not a pipe stays where it
/// is.
class SpooledAudio {
 public:
  /// @param path "-" is standard input.
  /// @param stop once it is set, no more is read.
  /// @throws Error{no_input} if it cannot be opened, {io} if it cannot be read, or not be stored.
  SpooledAudio(const std::string& path, const std::atomic<bool>& stop);
  SpooledAudio(SpooledAudio&& other) noexcept;
  SpooledAudio& operator=(SpooledAudio&&) = delete;
  ~SpooledAudio();

  /// Under which it can be opened while this object is there.
  const std::string& path() const { return path_; }

 private:
  explicit SpooledAudio(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;  ///< of the copy
  std::string path_;
};

}  // namespace claptools
