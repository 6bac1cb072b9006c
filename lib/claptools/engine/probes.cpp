#include "claptools/engine/probes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "claptools/core/parallel_for.hpp"

namespace claptools {

std::vector<std::string> probe_texts() {
  return {"a dog barks", "heavy rain on a roof", "a violin plays a melody"};
}

std::vector<std::vector<float>> probe_sounds(const AudioSpec& audio) {
  const std::size_t size = audio.window_samples;
  std::vector<std::vector<float>> sounds(2, std::vector<float>(size));
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < size; ++i) {
    state = state * 1664525u + 1013904223u;
    sounds[0][i] = static_cast<float>(state >> 8) * 0x1p-24f - 0.5f;
    const double t = static_cast<double>(i) / audio.sample_rate;
    sounds[1][i] = static_cast<float>(0.3 * std::sin(2 * std::numbers::pi * 440 * t));
  }
  return sounds;
}

Matrix embed_probe_sounds(const Model& model) {
  const auto sounds = probe_sounds(model.spec().audio);
  const std::vector<std::span<const float>> clips(sounds.begin(), sounds.end());
  return model.embed_audio(clips, {}).clips;
}

Matrix embed_probe_sounds_at_once(const Model& model) {
  const auto sounds = probe_sounds(model.spec().audio);
  Matrix rows(sounds.size(), model.spec().dim);
  parallel_for(sounds.size(), static_cast<int>(sounds.size()), [&](std::size_t i) {
    const std::span<const float> clip = sounds[i];
    std::ranges::copy(model.embed_audio({&clip, 1}, {}).clips.data, rows.row(i).begin());
  });
  return rows;
}

}  // namespace claptools
