#include "claptools/audio/audio_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "claptools/audio/container/container.hpp"
#include "claptools/audio/decoder.hpp"
#include "claptools/audio/resampler.hpp"
#include "claptools/core/error.hpp"

namespace claptools {

struct AudioReader::Impl {
  Impl(InputFile input, int rate, const StreamChoice& stream, const AudioLimits& within)
      : file(std::move(input)),
        container(inspect_container(file)),
        link(container.view),
        choice(stream),
        limits(within),
        sample_rate(rate) {
    if (!container.cut.empty()) throw Error(Fault::data, file.name(), container.cut);
    open_link();
    start_s = decoder->start_s();
    resampler.emplace(decoder->sample_rate(), sample_rate);
  }

  void open_link() {
    decoder = std::make_unique<Decoder>(file, link, container.is_open, choice, limits);
  }

  /// Continues with the next link of an Ogg chain, or ends. @param output takes what is left in the
  /// resampler, which another sample rate ends as well.
  void end_link(std::vector<float>& output) {
    warnings += (warnings.empty() || decoder->warning().empty() ? "" : "; ") + decoder->warning();
    const auto next = next_link(file, link);
    const int rate = decoder->sample_rate();
    if (next) {
      link = *next;
      open_link();
      if (decoder->sample_rate() == rate) return;
    }
    resampler->finish(output);
    before += resampler->length(std::exchange(skipped, 0));
    ended = !next;
    if (next) resampler.emplace(decoder->sample_rate(), sample_rate);
  }

  /// Replaces what was taken by the next samples; false at the end.
  bool refill() {
    ready.clear();
    taken = 0;
    while (ready.empty() && !ended) {
      if (decoder->read(decoded)) {
        resampler->push(decoded, ready);
      } else {
        end_link(ready);
      }
    }
    return !ready.empty();
  }

  InputFile file;
  Container container;
  FileView link;  // that is read
  StreamChoice choice;
  AudioLimits limits;
  int sample_rate;  // Hz, of the output
  double start_s = 0;
  std::string warnings;
  std::unique_ptr<Decoder> decoder;
  std::optional<Resampler> resampler;
  std::uint64_t before = 0;   // samples of the resamplers that have ended
  std::uint64_t skipped = 0;  // decoded samples that the resampler has not seen
  std::vector<float> decoded;
  std::vector<float> ready;  // resampled, from `taken` on not yet handed out
  std::size_t taken = 0;
  bool ended = false;
};

AudioReader::AudioReader(const std::filesystem::path& path, int sample_rate,
                         const StreamChoice& choice, const AudioLimits& limits)
    : impl_(std::make_unique<Impl>(InputFile(path), sample_rate, choice, limits)) {}
AudioReader::AudioReader(std::span<const std::uint8_t> bytes, const std::string& name,
                         int sample_rate, const StreamChoice& choice, const AudioLimits& limits)
    : impl_(std::make_unique<Impl>(InputFile(bytes, name), sample_rate, choice, limits)) {}
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
  while (!impl_->ended && go_on()) {
    if (impl_->decoder->read(impl_->decoded)) {
      impl_->skipped += impl_->decoded.size();
    } else {
      impl_->end_link(impl_->ready);
      impl_->ready.clear();
    }
  }
  return impl_->before + (impl_->ended ? 0 : impl_->resampler->length(impl_->skipped));
}

double AudioReader::start_s() const { return impl_->start_s; }

std::string AudioReader::warning() const {
  const std::string& of_file = impl_->container.warning;
  const std::string between = of_file.empty() || impl_->warnings.empty() ? "" : "; ";
  return of_file + between + impl_->warnings;
}

}  // namespace claptools
