#include "claptools/dataset/augment.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>

#include "claptools/audio/resampler.hpp"
#include "claptools/core/error.hpp"

namespace claptools {
namespace {

double power(std::span<const float> clip) {
  double sum = 0;
  for (const float x : clip) sum += double{x} * x;
  return clip.empty() ? 0 : sum / static_cast<double>(clip.size());
}

/// Voss and McCartney's: a sum of random values, one renewed at each sample, one at every second,
/// fourth ...
class PinkNoise {
 public:
  explicit PinkNoise(Random& random) : random_(random) {
    for (double& value : values_) value = random_.normal();
  }

  double next() {
    ++count_;
    const auto place = static_cast<std::size_t>(std::countr_zero(count_));
    values_[std::min(place, values_.size() - 1)] = random_.normal();
    double sum = random_.normal();
    for (const double value : values_) sum += value;
    return sum;
  }

 private:
  Random& random_;
  std::array<double, 14> values_{};
  std::uint32_t count_ = 0;
};

std::vector<float> make_noise(std::size_t size, NoiseColour colour, Random& random) {
  std::vector<float> noise(size);
  if (colour == NoiseColour::white) {
    for (float& x : noise) x = static_cast<float>(random.normal());
  } else {
    PinkNoise pink(random);
    for (float& x : noise) x = static_cast<float>(pink.next());
  }
  return noise;
}

void require(bool holds, const char* option, const char* range) {
  if (!holds) throw Error(Fault::usage, option, std::string("must be ") + range);
}

bool is_in(double value, double low, double high) { return value >= low && value <= high; }

void apply_random_shelf(std::span<float> clip, double shelf_db, int sample_rate, Random& random) {
  const Shelf shelf = random.below(2) == 0 ? Shelf::low : Shelf::high;
  const double lowest_hz = shelf == Shelf::low ? 100 : 1000;
  const double corner_hz = lowest_hz * std::pow(10, 0.9 * random.uniform());
  const double gain_db = random.uniform(-shelf_db, shelf_db);
  apply_shelf(clip, shelf, std::min(corner_hz, 0.45 * sample_rate), gain_db, sample_rate);
}

}  // namespace

void check(const AugmentOptions& options) {
  require(is_in(options.speed, 0, 0.5), "speed change", "0 to 0.5");
  require(is_in(options.mix, 0, 1), "mixing chance", "0 to 1");
  require(is_in(options.mix_share, 0, 1), "mixing share", "0 to 1");
  require(is_in(options.shelf_db, 0, 60), "shelf", "0 to 60 dB");
  require(is_in(options.gain_db, 0, 60), "gain", "0 to 60 dB");
  require(is_in(options.shift_s, 0, 3600), "shift", "0 to 3600 s");
  require(is_in(options.noise, 0, 1), "noise chance", "0 to 1");
  require(is_in(options.place, 0, 1), "placing chance", "0 to 1");
  require(is_in(options.noise_snr_db_min, -100, options.noise_snr_db_max) &&
              options.noise_snr_db_max <= 200,
          "noise SNR", "a rising range within -100 to 200 dB");
}

void apply_gain(std::span<float> clip, double gain_db) {
  const auto factor = static_cast<float>(std::pow(10, gain_db / 20));
  for (float& x : clip) x *= factor;
}

void shift_time(std::span<float> clip, std::ptrdiff_t samples, bool circular) {
  const auto size = static_cast<std::ptrdiff_t>(clip.size());
  const std::ptrdiff_t shift = std::clamp(samples, -size, size);
  const std::ptrdiff_t later = shift < 0 ? size + shift : shift;  // as a rotation to the right
  std::rotate(clip.begin(), clip.end() - later, clip.end());
  if (circular) return;
  if (shift >= 0)
    std::fill(clip.begin(), clip.begin() + shift, 0.0F);
  else
    std::fill(clip.end() + shift, clip.end(), 0.0F);
}

void add_noise(std::span<float> clip, NoiseColour colour, double snr_db, Random& random) {
  const auto noise = make_noise(clip.size(), colour, random);
  const double noise_power = power(noise);
  if (noise_power == 0) return;
  const auto scale =
      static_cast<float>(std::sqrt(power(clip) / noise_power * std::pow(10, -snr_db / 10)));
  for (std::size_t i = 0; i < clip.size(); ++i) clip[i] += scale * noise[i];
}

void mix_in(std::span<float> clip, std::span<const float> other, double share) {
  const double own = power(clip), others = power(other);
  if (own == 0 || others == 0) return;
  const auto keep = static_cast<float>(1 - share);
  const auto scale = static_cast<float>(share * std::sqrt(own / others));
  for (float& x : clip) x *= keep;
  const std::size_t count = std::min(clip.size(), other.size());
  for (std::size_t i = 0; i < count; ++i) clip[i] += scale * other[i];
}

std::vector<float> change_speed(std::span<const float> clip, int percent) {
  std::vector<float> result;
  Resampler resampler(percent, 100);
  resampler.push(clip, result);
  resampler.finish(result);
  return result;
}

void apply_shelf(std::span<float> clip, Shelf shelf, double corner_hz, double gain_db,
                 int sample_rate) {
  const double a = std::pow(10, gain_db / 40);
  const double w = 2 * std::numbers::pi * corner_hz / sample_rate;
  const double c = shelf == Shelf::low ? std::cos(w) : -std::cos(w);  // high is low mirrored
  const double sign = shelf == Shelf::low ? 1 : -1;
  const double root = std::numbers::sqrt2 * std::sqrt(a) * std::sin(w);
  const double a0 = (a + 1) + (a - 1) * c + root;
  const double a1 = -2 * sign * ((a - 1) + (a + 1) * c) / a0;
  const double a2 = ((a + 1) + (a - 1) * c - root) / a0;
  const double b0 = a * ((a + 1) - (a - 1) * c + root) / a0;
  const double b1 = 2 * sign * a * ((a - 1) - (a + 1) * c) / a0;
  const double b2 = a * ((a + 1) - (a - 1) * c - root) / a0;
  double s1 = 0, s2 = 0;  // transposed direct form II
  for (float& x : clip) {
    const double y = b0 * x + s1;
    s1 = b1 * x - a1 * y + s2;
    s2 = b2 * x - a2 * y;
    x = static_cast<float>(y);
  }
}

void augment(std::span<float> clip, const AugmentOptions& options, int sample_rate,
             Random& random) {
  if (options.shelf_db > 0) apply_random_shelf(clip, options.shelf_db, sample_rate, random);
  if (options.gain_db > 0) apply_gain(clip, random.uniform(-options.gain_db, options.gain_db));
  if (options.shift_s > 0) {
    const double shift_s = random.uniform(-options.shift_s, options.shift_s);
    shift_time(clip, std::lround(shift_s * sample_rate), options.circular);
  }
  if (options.polarity && random.below(2) == 0)
    for (float& x : clip) x = -x;
}

void add_random_noise(std::span<float> row, const AugmentOptions& options, Random& random) {
  if (random.uniform() >= options.noise) return;
  const NoiseColour colour = random.below(2) == 0 ? NoiseColour::white : NoiseColour::pink;
  add_noise(row, colour, random.uniform(options.noise_snr_db_min, options.noise_snr_db_max),
            random);
}

}  // namespace claptools
