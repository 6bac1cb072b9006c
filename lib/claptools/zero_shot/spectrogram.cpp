#include "claptools/zero_shot/spectrogram.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "claptools/report/png.hpp"

namespace claptools {
namespace {

constexpr float kSilence = -100;  // dB, what the front end gives for zeros

/// Reads over the next samples.
void skip(AudioReader& reader, std::size_t samples) {
  std::vector<float> skipped(std::min<std::size_t>(samples, 65536));
  while (samples > 0) {
    const std::size_t got =
        reader.read(std::span(skipped).first(std::min(samples, skipped.size())));
    if (got == 0) return;
    samples -= got;
  }
}

}  // namespace

bool has_spectrogram(const Model& model) {
  return model.spectrograms() && model.spec().audio.features;
}

Matrix read_spectrogram(const AudioSource& source, const Model& model,
                        const SpectrogramRequest& request) {
  const AudioSpec& audio = model.spec().audio;
  const Spectrograms& spectrograms = *model.spectrograms();
  const Sound sound(source);
  AudioReader reader = sound.open(audio.sample_rate, request.stream);
  const double zero_s = request.time_zero == TimeZero::container ? reader.start_s() : 0;
  const auto samples = [&](double seconds) {
    return static_cast<std::size_t>(std::llround(seconds * audio.sample_rate));
  };
  const std::size_t start = samples(std::max(request.start_s - zero_s, 0.0));
  const std::size_t total = samples(request.end_s - zero_s) - start;
  const std::size_t hop = audio.features->hop;
  const std::size_t columns = std::min(request.max_columns, total / hop);
  skip(reader, start);
  std::vector<float> window(audio.window_samples);
  Matrix spectrogram(0, spectrograms.bands().count);
  for (std::size_t done = 0; done < total;) {
    const std::size_t wanted = std::min(window.size(), total - done);
    const std::size_t got = reader.read(std::span(window).first(wanted));
    if (got < audio.min_samples) break;  // less than the model takes
    done += got;
    const std::size_t end = columns * done / total;
    const Matrix log_mel = spectrograms.log_mel(std::span(window).first(got));
    const Matrix added =
        average_rows(log_mel.view().slice(0, got / hop), end - spectrogram.rows, kSilence);
    spectrogram.data.insert(spectrogram.data.end(), added.data.begin(), added.data.end());
    spectrogram.rows += added.rows;
  }
  return spectrogram;
}

}  // namespace claptools
