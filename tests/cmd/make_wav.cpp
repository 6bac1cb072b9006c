// usage: make_wav OUT.wav SAMPLES [CHANNELS [nan|HZ]]
// A float WAV at 32 kHz: noise, the same in every channel; with "nan" its middle is not a number,
// with HZ it is a tone with a little noise.
#include <cmath>
#include <iostream>
#include <numbers>
#include <string>

#include "audio/audio_files.hpp"
#include "support/temp_dir.hpp"

int main(int argc, char** argv) {
  using namespace claptools::testing;
  if (argc < 3) return 64;
  const int channels = argc > 3 ? std::stoi(argv[3]) : 1;
  std::vector<float> mono = noise(std::stoul(argv[2]));
  const std::string what = argc > 4 ? argv[4] : "";
  if (what == "nan") {
    mono[mono.size() / 2] = std::nanf("");
  } else if (!what.empty()) {
    const double step = 2 * std::numbers::pi * std::stod(what) / 32000;
    for (std::size_t i = 0; i < mono.size(); ++i)
      mono[i] = static_cast<float>(0.5 * std::sin(step * static_cast<double>(i)) + 0.01 * mono[i]);
  }
  std::string bytes;
  for (const float x : mono) {
    for (int c = 0; c < channels; ++c) bytes += float_bytes({&x, 1});
  }
  write_bytes(argv[1], wav({3, channels, 32000, 32}, bytes));
}
