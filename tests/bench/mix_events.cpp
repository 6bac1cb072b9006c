// usage: mix_events OUT-DIR COUNT SEED <clips    (path <tab> label a line)
// Writes COUNT recordings of 10 s: pink noise, and in it one or two events of at most 3 s cut from
// the clips, 20 dB above the noise; with truth.tsv (filename, onset, offset, event_label) and
// durations.tsv, as clap-eval detection reads them.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

#include "claptools/audio/audio_reader.hpp"
#include "claptools/core/random.hpp"

namespace {

namespace fs = std::filesystem;

constexpr int kRate = 32000;
constexpr std::size_t kLength = 10 * kRate, kLongest = 3 * kRate, kShortest = kRate / 4;
constexpr double kSnr_db = 20, kNoiseLevel = 0.005, kQuiet_db = 40;

struct Clip {
  std::string path, label;
};

double mean_square(const std::vector<float>& samples) {
  double sum = 0;
  for (const float x : samples) sum += double{x} * x;
  return sum / static_cast<double>(std::max<std::size_t>(samples.size(), 1));
}

/// The clip from where it is first to where it is last within 40 dB of its peak, cut to 3 s.
std::vector<float> read_event(const std::string& path) {
  claptools::AudioReader reader(path, kRate);
  std::vector<float> samples(kLength);
  samples.resize(reader.read(samples));
  float peak = 0;
  for (const float x : samples) peak = std::max(peak, std::abs(x));
  const auto loud = [&](float x) { return std::abs(x) > peak * std::pow(10, -kQuiet_db / 20); };
  const auto first = std::find_if(samples.begin(), samples.end(), loud);
  const auto last = std::find_if(samples.rbegin(), std::make_reverse_iterator(first), loud).base();
  std::vector<float> event(first, last);
  event.resize(std::min(event.size(), kLongest));
  return event;
}

/// Noise whose power falls as 1 / frequency: white noise through Paul Kellet's three poles.
std::vector<float> make_noise(claptools::Random& random) {
  std::vector<float> noise(kLength);
  double a = 0, b = 0, c = 0;
  for (float& x : noise) {
    const double white = random.normal();
    a = 0.99765 * a + white * 0.0990460;
    b = 0.96300 * b + white * 0.2965164;
    c = 0.57000 * c + white * 1.0526913;
    x = static_cast<float>(a + b + c + white * 0.1848);
  }
  const auto scale = static_cast<float>(kNoiseLevel / std::sqrt(mean_square(noise)));
  for (float& x : noise) x *= scale;
  return noise;
}

void write_wav(const fs::path& path, const std::vector<float>& samples) {
  std::ofstream out(path, std::ios::binary);
  const auto put = [&out](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.put(static_cast<char>(value >> (8 * i)));
  };
  const auto bytes = static_cast<std::uint32_t>(samples.size() * 2);
  out << "RIFF";
  put(bytes + 36, 4);
  out << "WAVEfmt ";
  put(16, 4), put(1, 2), put(1, 2), put(kRate, 4), put(kRate * 2, 4), put(2, 2), put(16, 2);
  out << "data";
  put(bytes, 4);
  for (const float x : samples)
    put(static_cast<std::uint32_t>(std::lround(std::clamp(x, -1.0F, 1.0F) * 32767)), 2);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  const fs::path folder = argv[1];
  const int count = std::stoi(argv[2]);
  std::vector<Clip> clips;
  for (std::string line; std::getline(std::cin, line);) {
    const auto tab = line.find('\t');
    clips.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  fs::create_directories(folder / "audio");
  std::ofstream truth(folder / "truth.tsv"), durations(folder / "durations.tsv");
  truth << "filename\tonset\toffset\tevent_label\n";
  durations << "filename\tduration\n";
  for (int i = 0; i < count; ++i) {
    claptools::Random random(
        claptools::hash_seed({std::stoull(argv[3]), static_cast<std::uint64_t>(i)}));
    std::vector<float> mixture = make_noise(random);
    const std::string name = (folder / "audio" / ("mix-" + std::to_string(i) + ".wav")).native();
    const std::uint64_t events = 1 + random.below(2);
    for (std::uint64_t e = 0; e < events; ++e) {  // each in a half of its own
      const Clip& clip = clips[random.below(clips.size())];
      const std::vector<float> event = read_event(clip.path);
      if (event.size() < kShortest) continue;
      const std::size_t room = kLength / events - event.size();
      const std::size_t start = e * (kLength / events) + random.below(room + 1);
      const double level = kNoiseLevel * std::pow(10, kSnr_db / 20);
      const auto gain = static_cast<float>(level / std::sqrt(mean_square(event)));
      for (std::size_t s = 0; s < event.size(); ++s) mixture[start + s] += gain * event[s];
      truth << name << '\t' << static_cast<double>(start) / kRate << '\t'
            << static_cast<double>(start + event.size()) / kRate << '\t' << clip.label << '\n';
    }
    durations << name << "\t10\n";
    write_wav(name, mixture);
  }
  return truth && durations ? 0 : 74;
}
