// The authors' own checkpoint files (trained three steps) through loading, network and conversion.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "claptools/audio/audio_reader.hpp"
#include "claptools/checkpoints/checkpoint.hpp"
#include "claptools/families/mga_clap/architecture.hpp"
#include "claptools/families/model_files.hpp"
#include "model/tensors.hpp"
#include "support/golden_h5.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;
using testing::GoldenFile;

const fs::path kFolder = CLAPTOOLS_SHARED "/goldens/checkpoints";

/// What shapes cannot tell: micro has 2 attention heads in its text encoder (micro_config.json).
ModelPaths micro_paths(const testing::TempDir& dir, const fs::path& model) {
  testing::write_bytes(dir / "micro.json",
                       R"({"name": "micro", "text": {"num_attention_heads": 2}})");
  return {model, dir / "micro.json", kFolder / "vocab_micro.txt", {}};
}

/// The training batch of the goldens: four clips padded to the longest, the second cut to 112345
/// samples.
at::Tensor training_batch() {
  at::Tensor batch = at::zeros({4, 160000});
  const char* clips[] = {"dog", "rain", "baby", "clock"};
  for (int i = 0; i < 4; ++i) {
    AudioReader reader(
        fs::path(CLAPTOOLS_SHARED "/goldens/audio") / (std::string(clips[i]) + ".wav"), 32000);
    std::vector<float> samples(i == 1 ? 112345 : 160000);
    samples.resize(reader.read(samples));
    batch[i]
        .narrow(0, 0, static_cast<std::int64_t>(samples.size()))
        .copy_(testing::to_tensor(samples, {static_cast<std::int64_t>(samples.size())}));
  }
  return batch;
}

void compare(const ModelFiles& files) {
  const c10::InferenceMode guard;
  const GoldenFile file(kFolder / "micro_outputs.h5");
  const MgaClapNetwork network =
      testing::network_of(mga_clap::config_of(*files.architecture), files.weights);
  const auto expect = [&](const char* name, const at::Tensor& value, double relative) {
    EXPECT_LE(testing::max_abs_difference(testing::to_vector(value), file.tensor(name)),
              relative * value.abs().max().item<double>())
        << files.path << " " << name;
  };
  const at::Tensor batch = training_batch();
  const auto norms = file.doubles("wav_l2");
  for (int i = 0; i < 4; ++i)
    EXPECT_NEAR(batch[i].to(at::kDouble).norm().item<double>(), norms[static_cast<std::size_t>(i)],
                1e-6 * norms[static_cast<std::size_t>(i)]);
  const EncodedSide audio = network.encode_audio(batch);
  expect("audio_embed", network.embed(audio), 2e-5);
  expect("frame_embeds", audio.locals, 2e-5);
  const auto ids = file.ints("input_ids");
  const std::int64_t columns = static_cast<std::int64_t>(ids.size()) / 4;
  const at::Tensor id_tensor = at::tensor(at::ArrayRef<std::int64_t>(ids)).view({4, columns});
  const at::Tensor mask = testing::to_tensor(file.tensor("word_mask").data, {4, columns - 1});
  const EncodedSide text = network.encode_text(id_tensor, id_tensor != 1, mask);
  expect("text_embed", network.embed(text), 2e-5);
  expect("word_embeds", text.locals, 2e-5);
}

class OfficialCheckpoint : public ::testing::TestWithParam<const char*> {};

TEST_P(OfficialCheckpoint, GivesTheOfficialOutputs) {
  if (!fs::exists(kFolder)) GTEST_SKIP() << "no goldens beside the checkout";
  testing::TempDir dir;
  const ModelFiles files = read_model_files(micro_paths(dir, kFolder / GetParam()), {});
  compare(files);

  write_model_directory(dir / "converted", files, false);
  const ModelFiles converted = read_model_files({dir / "converted", {}, {}, {}}, {});
  EXPECT_EQ(converted.architecture->config_json(), files.architecture->config_json());
  compare(converted);

  write_checkpoint(dir / "back.pt", converted.weights);
  const ModelFiles back = read_model_files(micro_paths(dir, dir / "back.pt"), {});
  compare(back);
  ASSERT_EQ(back.weights.tensors.size(), files.weights.tensors.size());
  for (const auto& [name, view] : files.weights.tensors) {
    const auto& other = back.weights.tensors.at(name);
    EXPECT_TRUE(
        std::equal(view.bytes.begin(), view.bytes.end(), other.bytes.begin(), other.bytes.end()))
        << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, OfficialCheckpoint, ::testing::Values("micro.pt", "micro_ddp.pt"));

}  // namespace
}  // namespace claptools
