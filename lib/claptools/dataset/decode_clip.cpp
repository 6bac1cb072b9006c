#include "claptools/dataset/decode_clip.hpp"

#include <algorithm>
#include <span>

namespace claptools {

std::vector<float> decode_clip(const AudioSource& source, int sample_rate, std::size_t max_samples,
                               std::string* warning) {
  constexpr std::size_t kChunk = 65536;
  const Sound sound(source);
  AudioReader reader = sound.open(sample_rate);
  std::vector<float> samples;
  for (std::size_t have = 0; have < max_samples;) {
    samples.resize(have + std::min(kChunk, max_samples - have));
    const std::size_t got = reader.read(std::span(samples).subspan(have));
    have += got;
    if (have == samples.size()) continue;
    samples.resize(have);
    break;
  }
  if (warning != nullptr) *warning = reader.warning();
  return samples;
}

ClipCache::Clip ClipCache::find(std::uint32_t item) const {
  const std::scoped_lock lock(mutex_);
  const auto at = clips_.find(item);
  return at == clips_.end() ? nullptr : at->second;
}

void ClipCache::add(std::uint32_t item, const Clip& clip) {
  const std::uint64_t bytes = clip->size() * sizeof(float);
  const std::scoped_lock lock(mutex_);
  if (bytes > left_ || !clips_.emplace(item, clip).second) return;
  left_ -= bytes;
}

}  // namespace claptools
