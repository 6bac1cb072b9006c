// Microsoft's CLAP of 2023 and WavCaps' HTSAT-BERT against the official codes' tensors.

#include <gtest/gtest.h>

#include "claptools/audio/short_audio.hpp"
#include "claptools/families/ms_clap/parameters.hpp"
#include "claptools/model/device/device_parameters.hpp"
#include "claptools/model/networks/ms_clap_network.hpp"
#include "claptools/model/networks/wavcaps_network.hpp"
#include "model/family_goldens.hpp"
#include "support/family_configs.hpp"

namespace claptools {
namespace {

using testing::Comparison;
using testing::GoldenFile;
using testing::GoldenNames;
using testing::kFamilyGoldens;

constexpr double kMean = -45;    // M of the generator
constexpr double kFloor = 2e-5;  // of an embedding's tolerance

/// Our names of tensors on the way and those of the goldens.
const GoldenNames kAudioNames = {{"stft_power", "01_stft_power"},
                                 {"log_mel", "02_logmel"},
                                 {"normalised", "03_bn0"},
                                 {"stretched", "04_bicubic"},
                                 {"image", "05_img"},
                                 {"patches", "06_patch_embed"},
                                 {"tokens", "13_stage3_out"},
                                 {"normalised_tokens", "19_norm"},
                                 {"shortcut", "21_linear1"},
                                 {"branch", "22_linear2"},
                                 {"hidden", "21_linear1_relu"},
                                 {"projected", "32_projected"}};
const GoldenNames kTextNames = {{"token_embeddings", "10_embeddings"},
                                {"token_states", "12_last_hidden"},
                                {"place", "02_pool_position"},
                                {"shortcut", "21_linear1"},
                                {"branch", "22_linear2"},
                                {"hidden", "21_linear1_relu"}};

/// The names that only one family has.
GoldenNames with(GoldenNames names, const GoldenNames& more) {
  names.insert(more.begin(), more.end());
  return names;
}

/// The samples of a window of a long clip, or of a short one that is filled.
at::Tensor waveform_of(std::vector<float> samples, const std::string& protocol,
                       const AudioConfig& audio) {
  testing::skip_to_window(samples, protocol, audio.sample_rate);
  const ShortAudio mode = protocol.ends_with("repeat") ? ShortAudio::repeat
                          : protocol == "raw"          ? ShortAudio::stretch
                          : audio.sample_rate == 44100 ? ShortAudio::repeat
                                                       : ShortAudio::zero;
  fit_duration(samples, static_cast<std::size_t>(audio.window_samples()), mode);
  return testing::as_batch(samples);
}

/// All clips and protocols of a golden file.
template <class Network>
void compare_audio(const std::string& name, const Network& network, const AudioConfig& audio,
                   const GoldenNames& names, int expected) {
  SCOPED_TRACE(name);
  const GoldenFile file((kFamilyGoldens / (name + "_audio.h5")).native());
  Network prepared = network;
  prepared.prepare(Workload::audio, Precision::fp32);
  int compared = 0;
  for (const auto& clip : file.list("/")) {
    const std::vector<float> samples = testing::read_clip(clip, audio.sample_rate);
    for (const auto& protocol : file.list(clip)) {
      if (protocol == "official_stereo_concat") continue;  // we take the mean of the channels
      const at::Tensor waveform = waveform_of(samples, protocol, audio);
      Comparison compare(file, clip + "/" + protocol, names, kFloor);
      compare.compare("00_wav", waveform, [] { return 1e-6; });
      compare.compare("00_wav_7s", waveform, [] { return 1e-6; });
      compare.embedding("33_audio_embed", network.encode_audio(waveform, compare.probe()));
      compare.finish();
      compare.embedding("33_audio_embed", prepared.encode_audio(waveform, {}));
      ++compared;
    }
  }
  EXPECT_EQ(compared, expected);
}

template <class Network, class Config>
void compare_model(const std::string& name, const Config& config,
                   const std::vector<Parameter>& parameters, const GoldenNames& audio_names,
                   const GoldenNames& text_names, int clips) {
  if (!exists(kFamilyGoldens)) GTEST_SKIP() << "no goldens beside the checkout";
  const c10::InferenceMode guard;
  const auto weights =
      std::make_shared<const WeightSet>(testing::family_weights(parameters, kMean, name + "-1"));
  testing::compare_weights(name, *weights);
  const Network network(config, DeviceParameters(weights, at::kCPU), at::kCPU);
  compare_audio(name, network, config.audio, audio_names, clips);
  testing::compare_texts(name, network, text_names, kFloor);
  testing::record_distance();
}

void compare_ms_clap(const std::string& name, const ms_clap::Config& config) {
  compare_model<MsClapNetwork>(
      name, config, ms_clap::model_parameters(config), with(kAudioNames, {{"pooled", "20_latent"}}),
      with(kTextNames, {{"pooled", "13_pooled"}, {"projected", "32_projected"}}), 20);
}

void compare_wavcaps(const std::string& name, const wavcaps::Config& config) {
  compare_model<WavCapsNetwork>(
      name, config, wavcaps::model_parameters(config), with(kAudioNames, {{"pooled", "20_pooled"}}),
      with(kTextNames, {{"pooled", "13_cls"}, {"projected", "32_text_projected"}}), 25);
}

TEST(MsClapGoldens, Tiny) { compare_ms_clap("msclap-tiny", testing::tiny_ms_clap()); }

TEST(MsClapGoldens, Full) { compare_ms_clap("msclap-full", ms_clap::default_config()); }

TEST(WavCapsGoldens, Tiny) { compare_wavcaps("wavcaps-tiny", testing::tiny_wavcaps()); }

TEST(WavCapsGoldens, Full) { compare_wavcaps("wavcaps-full", wavcaps::default_config()); }

}  // namespace
}  // namespace claptools
