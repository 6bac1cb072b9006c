#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "claptools/dataset/manifest.hpp"

namespace claptools {

/// Decodes the beginning of a recording, mono, resampled.
/// @param warning is set to what is not as the file says, as AudioReader reports it; may be null.
/// @return at most `max_samples`; memory grows with what is there.
/// @throws as Sound.
std::vector<float> decode_clip(const AudioSource& source, int sample_rate, std::size_t max_samples,
                               std::string* warning = nullptr);

/// Decoded clips by the number of their item, until a limit of bytes is reached; what came first
/// stays. (Epochs use every clip once: putting out the oldest for the newest would find nothing.)
/// For several threads.
class ClipCache {
 public:
  using Clip = std::shared_ptr<const std::vector<float>>;

  explicit ClipCache(std::uint64_t max_bytes) : left_(max_bytes) {}

  Clip find(std::uint32_t item) const;
  void add(std::uint32_t item, const Clip& clip);

 private:
  mutable std::mutex mutex_;
  std::uint64_t left_;
  std::map<std::uint32_t, Clip> clips_;
};

}  // namespace claptools
