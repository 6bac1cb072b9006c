// LAION's CLAP against the official codes' tensors: Hugging Face's ClapModel and laion-clap.

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "claptools/audio/short_audio.hpp"
#include "claptools/families/laion_clap/parameters.hpp"
#include "claptools/model/device/device_parameters.hpp"
#include "claptools/model/networks/laion_clap_network.hpp"
#include "claptools/model/renamed_parameters.hpp"
#include "model/family_goldens.hpp"
#include "support/family_configs.hpp"

namespace claptools {
namespace {

using laion_clap::Config;
using testing::Comparison;
using testing::GoldenFile;
using testing::GoldenNames;
using testing::kFamilyGoldens;

/// A configuration of the goldens and the weights that belong to it.
struct Model {
  std::string name;  ///< of its files, without the code's "hf-" or "laion-"
  Config config;
  double mean = -45;  ///< M of the generator
};

Model tiny() { return {"unfused-tiny", testing::tiny_laion_clap()}; }

Model full() {
  return {"unfused-full", laion_clap::default_config(laion_clap::Layout::transformers)};
}

Model base() {
  Model model = full();
  model.name = "unfused-base";
  model.config.audio.stem_channels = 128;
  model.config.audio.depths = {2, 2, 12, 2};
  return model;
}

/// With the weights that join views.
Model fused(Model model) {
  model.name.replace(0, std::string_view("un").size(), "");
  model.config.fusion = true;
  model.config.audio.mel_filters = MelFilters::htk;
  model.mean = -20;
  return model;
}

/// As laion-clap computes with the same weights.
Model original(Model model) {
  const Config theirs = laion_clap::default_config(laion_clap::Layout::laion);
  model.config.quantise = theirs.quantise;
  model.config.text.layer_norm_eps = theirs.text.layer_norm_eps;
  return model;
}

WeightSet weights_of(const Model& model) {
  return testing::family_weights(laion_clap::model_parameters(model.config), model.mean,
                                 "hf-" + model.name + "-1");
}

LaionClapNetwork network_of(const Model& model) {
  const auto weights = std::make_shared<const WeightSet>(weights_of(model));
  const DeviceParameters file(weights, at::kCPU);
  const RenamedParameters ours(file, [](const std::string& name) {
    return laion_clap::file_names(laion_clap::Layout::transformers, name);
  });
  return {model.config, ours, at::kCPU};
}

/// The samples of a window of a long clip, or of a short one that is filled.
at::Tensor waveform_of(std::vector<float> samples, const std::string& protocol,
                       const AudioConfig& audio) {
  testing::skip_to_window(samples, protocol, audio.sample_rate);
  const ShortAudio mode = protocol == "pad"      ? ShortAudio::zero
                          : protocol == "repeat" ? ShortAudio::repeat
                                                 : ShortAudio::repeatpad;
  // A clip less than one frame longer than a window is one view of its own.
  const auto window = static_cast<std::size_t>(audio.window_samples());
  if (samples.size() < window || protocol.starts_with('w')) fit_duration(samples, window, mode);
  return testing::as_batch(samples);
}

/// Our names of tensors on the way and those of these goldens.
const GoldenNames kAudioNames = {{"quantised", "00_wav_quantised"},
                                 {"stft_power", "01_stft_power"},
                                 {"log_mel", "02_logmel"},
                                 {"normalised", "03_bn0"},
                                 {"stretched", "04_bicubic"},
                                 {"image", "05_img"},
                                 {"patches", "06_patch_embed"},
                                 {"whole_patches", "06a_global"},
                                 {"part_convolutions", "06b_mel_conv"},
                                 {"part_patches", "06c_local"},
                                 {"joined_patches", "06d_fused"},
                                 {"tokens", "13_stage3_out"},
                                 {"normalised_tokens", "19_norm"},
                                 {"pooled", "20_pooled"},
                                 {"hidden", "21_linear1_relu"},
                                 {"projected", "32_projected"}};
const GoldenNames kTextNames = {{"token_embeddings", "10_embeddings"},
                                {"token_states", "12_last_hidden"},
                                {"pooled", "13_pooled"},
                                {"hidden", "14_linear1_relu"},
                                {"projected", "32_text_projected"}};

/// The official codes hand over the view of a fused model's short clip four times, and keep all;
/// they keep the rounded samples of a clip before it is filled.
at::Tensor as_kept(const Comparison& compare, const std::string& name, const at::Tensor& value) {
  std::int64_t kept = 1;
  for (const auto extent : compare.open_shape(testing::golden_name(name, kAudioNames)))
    kept *= static_cast<std::int64_t>(extent);
  if (name == "quantised" && kept < value.numel()) return value.narrow(1, 0, kept);
  return kept == 4 * value.numel() ? value.flatten().repeat({4}) : value;
}

/// What the encoder of a fused model gets by a protocol: one view, or four.
at::Tensor views_of(const LaionClapNetwork& network, const at::Tensor& waveform,
                    const std::string& protocol, const TensorProbe& tap) {
  const at::Tensor log_mel = network.log_mel(waveform, tap);
  if (protocol == "alone") return log_mel.unsqueeze(1).expand({1, 4, -1, -1}).contiguous();
  if (!protocol.starts_with("fusion")) return log_mel;
  const at::Tensor middle = network.join_views(log_mel[0]).view({1, 4, -1, log_mel.size(2)});
  if (protocol == "fusion_mid") return middle;
  std::vector<at::Tensor> views = {middle[0][0]};
  for (const std::int64_t start : {0, 901, 1801}) {  // manifest.json
    views.push_back(log_mel[0].narrow(0, start, middle.size(2)));
  }
  return at::stack(views).unsqueeze(0);
}

/// What a clip gives once its samples are moved by as little as two resamplers round differently.
/// A sample of 16 bits may become another by that, and the quietest bands hear it.
class RoundedOtherwise {
 public:
  using Pass = std::function<void(const at::Tensor& waveform, const TensorProbe&)>;

  /// @param pass what to compute of the waveform, when it is asked for.
  RoundedOtherwise(at::Tensor waveform, Pass pass)
      : waveform_(std::move(waveform)), pass_(std::move(pass)) {}

  /// 15 times what a tensor on the way moves by it, as 15 times the noise of float32.
  double tolerance(const std::string& name, const at::Tensor& value) {
    if (taps_.empty()) {
      pass_(moved(),
            [this](const std::string& tap, const at::Tensor& x) { taps_[tap] = x.clone(); });
    }
    return 15 * (taps_.at(name) - value).abs().max().item<double>();
  }

 private:
  /// By +-2^-25, half the distance of two samples near 1.
  at::Tensor moved() const {
    at::Tensor waveform = waveform_.clone();
    const std::span<float> samples(waveform.data_ptr<float>(), waveform.numel());
    std::uint32_t random = 1;
    for (float& sample : samples) {
      random = random * 1664525 + 1013904223;
      if (sample != 0) sample += random >> 31 != 0 ? 0x1p-25F : -0x1p-25F;
    }
    return waveform;
  }

  at::Tensor waveform_;
  Pass pass_;
  std::map<std::string, at::Tensor> taps_;
};

void compare_clip(Comparison& compare, const std::vector<float>& samples,
                  const std::string& protocol, const LaionClapNetwork& network,
                  const LaionClapNetwork& prepared, const Config& config) {
  const at::Tensor whole = testing::as_batch(samples);
  if (!protocol.starts_with('w')) compare.compare("00_wav_48k", whole, [] { return 1e-6; });
  compare.leave_out("00_wav_48k");
  compare.leave_out("02_logmel_dense");  // some of 02_logmel again
  const at::Tensor waveform =
      protocol.starts_with("fusion") ? whole : waveform_of(samples, protocol, config.audio);
  RoundedOtherwise rounded(waveform, [&](const at::Tensor& moved, const TensorProbe& probe) {
    network.encode_log_mel(views_of(network, moved, protocol, probe), probe);
  });
  const TensorProbe tap = [&](const std::string& name, const at::Tensor& value) {
    const at::Tensor views = name == "log_mel" && value.dim() == 3 ? value.unsqueeze(1) : value;
    compare.compare(testing::golden_name(name, kAudioNames), as_kept(compare, name, views),
                    [&] { return rounded.tolerance(name, value); });
  };
  const at::Tensor views = views_of(network, waveform, protocol, tap);
  compare.embedding("33_audio_embed", network.encode_log_mel(views, tap));
  compare.finish();
  compare.embedding("33_audio_embed", prepared.encode_log_mel(views, {}));
}

/// All clips and protocols of a golden file. @param floor of the embedding's tolerance.
void compare_audio(const std::string& file_name, const LaionClapNetwork& network,
                   const Config& config, double floor, int expected) {
  SCOPED_TRACE(file_name);
  const GoldenFile file((kFamilyGoldens / (file_name + "_audio.h5")).native());
  LaionClapNetwork prepared = network;
  prepared.prepare(Workload::audio, Precision::fp32);
  int compared = 0;
  for (const auto& clip : file.list("/")) {
    const std::vector<float> samples = testing::read_clip(clip, config.audio.sample_rate);
    for (const auto& protocol : file.list(clip)) {
      if (protocol == "fusion_mid_antialias") continue;  // of torchvision since 0.17
      Comparison compare(file, clip + "/" + protocol, kAudioNames, floor);
      compare_clip(compare, samples, protocol, network, prepared, config);
      ++compared;
    }
  }
  EXPECT_EQ(compared, expected);
}

/// @param clips how many groups the file of audio has.
void compare_model(const std::string& code, const Model& model, double floor, int clips) {
  if (!exists(kFamilyGoldens)) GTEST_SKIP() << "no goldens beside the checkout";
  const c10::InferenceMode guard;
  const LaionClapNetwork network = network_of(model);
  compare_audio(code + model.name, network, model.config, floor, clips);
  testing::compare_texts(code + model.name, network, kTextNames, floor);
  testing::record_distance();
}

TEST(HuggingFaceGoldens, Tiny) { compare_model("hf-", tiny(), 2e-5, 26); }

TEST(HuggingFaceGoldens, Full) { compare_model("hf-", full(), 2e-5, 26); }

TEST(HuggingFaceGoldens, Base) { compare_model("hf-", base(), 2e-5, 14); }

TEST(HuggingFaceGoldens, FusedTiny) { compare_model("hf-", fused(tiny()), 2e-5, 30); }

TEST(HuggingFaceGoldens, FusedFull) { compare_model("hf-", fused(full()), 2e-5, 30); }

TEST(LaionGoldens, Tiny) { compare_model("laion-", original(tiny()), 5e-5, 16); }

TEST(LaionGoldens, Full) { compare_model("laion-", original(full()), 5e-5, 16); }

TEST(LaionGoldens, Base) { compare_model("laion-", original(base()), 5e-5, 16); }

TEST(LaionGoldens, FusedTiny) { compare_model("laion-", original(fused(tiny())), 5e-5, 13); }

TEST(LaionGoldens, FusedFull) { compare_model("laion-", original(fused(full())), 5e-5, 13); }

TEST(HuggingFaceGoldens, WeightsAreTheOfficialOnes) {
  if (!exists(kFamilyGoldens)) GTEST_SKIP() << "no goldens beside the checkout";
  for (const Model& model : {tiny(), full(), base(), fused(tiny()), fused(full())})
    testing::compare_weights("hf-" + model.name, weights_of(model));
}

}  // namespace
}  // namespace claptools
