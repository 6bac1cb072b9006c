#include "mgaclap/audio/audio_reader.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "mgaclap/audio/decoder.hpp"
#include "mgaclap/audio/resampler.hpp"

namespace mgaclap {

struct AudioReader::Impl {
  Impl(InputFile file, int sample_rate, const AudioLimits& limits)
      : decoder(std::move(file), limits), resampler(decoder.sample_rate(), sample_rate) {}

  /// Replaces what was taken by the next samples; false at the end.
  bool refill() {
    ready.clear();
    taken = 0;
    while (ready.empty() && !ended) {
      if (decoder.read(decoded)) {
        resampler.push(decoded, ready);
      } else {
        resampler.finish(ready);
        ended = true;
      }
    }
    return !ready.empty();
  }

  Decoder decoder;
  Resampler resampler;
  std::vector<float> decoded;
  std::vector<float> ready;  // resampled, from `taken` on not yet handed out
  std::size_t taken = 0;
  bool ended = false;
};

AudioReader::AudioReader(const std::filesystem::path& path, int sample_rate,
                         const AudioLimits& limits)
    : impl_(std::make_unique<Impl>(InputFile(path), sample_rate, limits)) {}
AudioReader::AudioReader(std::span<const std::uint8_t> bytes, const std::string& name,
                         int sample_rate, const AudioLimits& limits)
    : impl_(std::make_unique<Impl>(InputFile(bytes, name), sample_rate, limits)) {}
AudioReader::AudioReader(AudioReader&&) noexcept = default;
AudioReader& AudioReader::operator=(AudioReader&&) noexcept = default;
AudioReader::~AudioReader() = default;

std::size_t AudioReader::read(std::span<float> mono) {
  std::size_t written = 0;
  while (written < mono.size()) {
    if (impl_->taken == impl_->ready.size() && !impl_->refill()) break;
    const std::size_t count = std::min(mono.size() - written, impl_->ready.size() - impl_->taken);
    std::copy_n(impl_->ready.begin() + static_cast<std::ptrdiff_t>(impl_->taken), count,
                mono.begin() + static_cast<std::ptrdiff_t>(written));
    impl_->taken += count;
    written += count;
  }
  return written;
}

std::uint64_t AudioReader::skip_rest(const std::function<bool()>& go_on) {
  impl_->ready.clear();
  impl_->taken = 0;
  std::uint64_t skipped = 0;
  while (!impl_->ended && go_on()) {
    impl_->ended = !impl_->decoder.read(impl_->decoded);
    if (!impl_->ended) skipped += impl_->decoded.size();
  }
  return impl_->resampler.length(skipped);
}

}  // namespace mgaclap
