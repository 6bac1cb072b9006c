// The log-mel spectrogram against a NumPy program in float64 (tests/data/features/make_log_mel.py).

#include "claptools/features/log_mel.hpp"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <numbers>
#include <sstream>

#include "claptools/families/derived_weights.hpp"

namespace claptools {
namespace {

constexpr std::size_t kStride = 13;

struct Case {
  AudioConfig config;
  std::string signal;
  std::size_t samples = 0, frames = 0;
  std::vector<double> values;  ///< dB, every 13th
};

std::vector<Case> read_cases() {
  std::ifstream in(CLAPTOOLS_TEST_DATA "/features/log_mel.tsv");
  std::vector<Case> cases;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    Case c;
    AudioConfig& a = c.config;
    fields >> a.sample_rate >> a.n_fft >> a.hop_length >> a.n_mels >> a.f_min >> a.f_max >>
        c.signal >> c.samples >> c.frames;
    for (double value = 0; fields >> value;) c.values.push_back(value);
    cases.push_back(std::move(c));
  }
  return cases;
}

float sample(const Case& c, std::size_t i) {
  if (c.signal == "noise") {
    const auto value =
        static_cast<std::int32_t>(static_cast<std::uint32_t>(i + 1) * 2654435761U >> 8) - (1 << 23);
    return static_cast<float>(value) * 0x1p-23F;
  }
  if (c.signal == "sweep") {
    const double t = static_cast<double>(i) / c.config.sample_rate;
    return static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * (100 * t + 3000 * t * t)));
  }
  return c.signal == "impulse" && i == c.samples / 3 ? 1.0F : 0.0F;
}

LogMel make_log_mel(const AudioConfig& config) {
  const std::vector<float> filters = mel_filters(config);
  return {config,
          at::tensor(at::ArrayRef<float>(filters)).view({config.n_fft / 2 + 1, config.n_mels})};
}

enum class Way { one_pass, steps };

at::Tensor compute(const Case& c, Way way) {
  std::vector<float> samples;
  for (std::size_t i = 0; i < c.samples; ++i) samples.push_back(sample(c, i));
  const LogMel log_mel = make_log_mel(c.config);
  const at::Tensor waveform = at::tensor(at::ArrayRef<float>(samples)).unsqueeze(0);
  return way == Way::steps ? log_mel.log_mel(log_mel.power(waveform)) : log_mel(waveform);
}

double amplitude_of(double decibels) { return std::pow(10, decibels / 20); }

/// A float32 transform is off by a part of its loudest bin, and bands far below hold little else:
/// amplitudes are compared to 5e-6 of their own and 1e-7 of the loudest of all frames.
void compare(const Case& c, Way way) {
  const at::Tensor computed = compute(c, way).contiguous();
  ASSERT_EQ(computed.sizes(),
            at::IntArrayRef({1, static_cast<std::int64_t>(c.frames), c.config.n_mels}));
  ASSERT_EQ(c.values.size(),
            (c.frames * static_cast<std::size_t>(c.config.n_mels) + kStride - 1) / kStride);
  const float* values = computed.data_ptr<float>();
  const double loudest = amplitude_of(*std::ranges::max_element(c.values));
  for (std::size_t i = 0; i < c.values.size(); ++i) {
    const double expected = amplitude_of(c.values[i]);
    EXPECT_NEAR(amplitude_of(values[i * kStride]), expected, 5e-6 * expected + 1e-7 * loudest)
        << c.signal << " " << c.samples << " at " << i * kStride << ": " << values[i * kStride]
        << " dB, not " << c.values[i];
  }
}

TEST(LogMel, AgreesWithNumPy) {
  const std::vector<Case> cases = read_cases();
  ASSERT_EQ(cases.size(), 10u);
  for (const Case& c : cases) {
    compare(c, Way::steps);
    compare(c, Way::one_pass);
  }
}

TEST(LogMel, SilenceIsExactlyMinusHundred) {
  for (const Way way : {Way::steps, Way::one_pass}) {
    const at::Tensor silence = compute({{}, "silence", 32000, 0, {}}, way);
    EXPECT_TRUE(at::equal(silence, at::full_like(silence, -100)));
  }
}

TEST(LogMel, RefusesASoundTooShortToBeReflected) {
  const LogMel log_mel = make_log_mel({});
  const std::int64_t edge = AudioConfig{}.n_fft / 2;
  EXPECT_EQ(log_mel(at::zeros({1, edge + 1})).size(1), 1 + (edge + 1) / AudioConfig{}.hop_length);
  EXPECT_THROW(log_mel(at::zeros({1, edge})), c10::Error);
  EXPECT_THROW(log_mel(at::zeros({1, 1})), c10::Error);
}

/// As within a training step in bf16.
TEST(LogMel, IsComputedInFloatUnderAutocast) {
  const LogMel log_mel = make_log_mel({});
  at::manual_seed(1);
  const at::Tensor clips = at::randn({1, 4000}) * 3;  // louder than fp16 can hold
  const at::Tensor expected = log_mel.log_mel(log_mel.power(clips));
  at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
  at::autocast::set_autocast_enabled(at::kCPU, true);
  const at::Tensor made = log_mel.log_mel(log_mel.power(clips));
  at::autocast::set_autocast_enabled(at::kCPU, false);
  at::autocast::clear_cache();
  EXPECT_TRUE(at::equal(made, expected));
}

TEST(LogMel, RowsOfABatchAreTheirOwn) {
  const LogMel log_mel = make_log_mel({});
  at::manual_seed(1);
  const at::Tensor clips = at::randn({3, 4000});
  const at::Tensor together = log_mel.log_mel(log_mel.power(clips));
  for (std::int64_t i = 0; i < 3; ++i) {
    const at::Tensor alone = log_mel.log_mel(log_mel.power(clips.narrow(0, i, 1)));
    EXPECT_LE((alone - together.narrow(0, i, 1)).abs().max().item<float>(), 1e-4f);
    EXPECT_TRUE(at::equal(log_mel(clips.narrow(0, i, 1)), log_mel(clips).narrow(0, i, 1)));
  }
}

}  // namespace
}  // namespace claptools
