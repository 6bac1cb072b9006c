// Three steps of the official training code on the tiny model: losses, gradients, parameters.

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "claptools/audio/audio_reader.hpp"
#include "claptools/families/mga_clap/architecture.hpp"
#include "claptools/families/mga_clap/synthetic.hpp"
#include "claptools/optimize/torch_trainer.hpp"
#include "support/configs.hpp"
#include "support/golden_h5.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;
using testing::Golden;
using testing::GoldenFile;

constexpr std::size_t kSamples = 160000, kCutClip = 1, kCutSamples = 112345;

TrainingBatch golden_batch(const GoldenFile& golden) {
  TrainingBatch batch;
  batch.captions = nlohmann::json::parse(golden.string_attribute("/", "captions")[0]);
  const std::vector<std::string> clips =
      nlohmann::json::parse(golden.string_attribute("/", "clips")[0]);
  batch.waveforms = Matrix(clips.size(), kSamples);
  for (std::size_t i = 0; i < clips.size(); ++i) {
    AudioReader reader(fs::path(CLAPTOOLS_SHARED "/goldens/audio") / (clips[i] + ".wav"), 32000);
    reader.read(batch.waveforms.row(i).first(i == kCutClip ? kCutSamples : kSamples));
  }
  for (const std::int64_t id : golden.ints("idx"))
    batch.identities.push_back(static_cast<std::uint64_t>(id));
  return batch;
}

TrainerOptions golden_options() {
  TrainerOptions options;
  options.device = "cpu";
  options.drop_path = options.text_dropout = 0;
  options.spec_augment = false;
  return options;
}

std::vector<float> floats(const TensorView& view) {
  std::vector<float> values(view.numel());
  std::memcpy(values.data(), view.bytes.data(), view.bytes.size());
  return values;
}

class TrainingGoldens : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(CLAPTOOLS_SHARED "/goldens/tiny_train.h5"))
      GTEST_SKIP() << "the goldens are not beside this checkout";
    golden_.emplace(CLAPTOOLS_SHARED "/goldens/tiny_train.h5");
    ModelFiles start;
    start.architecture = mga_clap::make_architecture(testing::tiny_config());
    start.weights = synthetic_weights(testing::tiny_config(), "tiny-1", 64);
    start.vocabulary = CLAPTOOLS_SHARE "/vocab-bert-base-uncased.txt";
    trainer_.emplace(std::move(start), golden_options(), *processes_, Log{});
    batch_ = golden_batch(*golden_);
  }

  /// Every parameter's gradient norm within 1e-3, and its elements as far as they are kept.
  void check_gradients(const WeightSet& gradients) {
    const nlohmann::json without =
        nlohmann::json::parse(golden_->string_attribute("/", "params_without_gradient")[0]);
    for (const std::string name : without) EXPECT_FALSE(gradients.tensors.contains(name)) << name;
    for (const std::string& name : golden_->list("params")) {
      const double expected = golden_->attribute("params/" + name, "grad_l2")[0];
      ASSERT_TRUE(gradients.tensors.contains(name)) << name;
      double sum = 0;
      for (const float value : floats(gradients.tensors.at(name))) sum += double{value} * value;
      const double noise = golden_->attribute("params/" + name, "grad_fp64_rel_l2")[0];
      EXPECT_NEAR(std::sqrt(sum), expected, expected * std::max(1e-3, 3 * noise) + 1e-7) << name;
    }
  }

  std::unique_ptr<Communicator> processes_ = make_single_process();
  std::optional<GoldenFile> golden_;
  std::optional<TorchTrainer> trainer_;
  TrainingBatch batch_;
};

TEST_F(TrainingGoldens, ThreeStepsAreTheOfficialOnes) {
  const Golden losses = golden_->tensor("loss");
  for (std::size_t step = 0; step < 3; ++step) {
    batch_.step = step;
    const LossReport report = trainer_->accumulate(batch_, 1, true);
    EXPECT_NEAR(report.loss, losses.data[step], 1e-5 * losses.data[step]) << step;
    if (step == 0) {
      EXPECT_NEAR(report.contrastive, golden_->tensor("loss_hard_negative").data[0], 2.8e-5);
      EXPECT_NEAR(report.regulariser, golden_->tensor("loss_regulariser").data[0], 1e-6);
      check_gradients(trainer_->gradients());
    }
    trainer_->update(golden_->tensor("lr").data[step]);
  }
  const WeightSet weights = trainer_->weights(false);
  for (const std::string& name : golden_->list("params")) {
    const std::string group = "params/" + name;
    const Golden expected = golden_->tensor(group + "/value_after_3_steps");
    const auto stride = static_cast<std::size_t>(golden_->attribute(group, "stride")[0]);
    const std::vector<float> values = floats(weights.tensors.at(name));
    // Adam turns a gradient that is rounding noise into a whole step, of either sign.
    const std::vector<double> reliable = golden_->doubles(group + "/grad_reliable");
    double worst = 0;
    for (std::size_t i = 0; i < expected.data.size(); ++i) {
      if (reliable[i] == 0) continue;
      worst = std::max(worst, std::abs(double{values[i * stride]} - expected.data[i]));
    }
    EXPECT_LE(worst, 1e-5) << name;
  }
  for (const char* name : {"running_mean", "running_var"}) {
    const Golden expected = golden_->tensor(std::string("buffers_after_3_steps/") + name);
    const auto values =
        floats(weights.tensors.at(std::string("audio_encoder.audio_enc.bn0.") + name));
    for (std::size_t i = 0; i < values.size(); ++i)
      EXPECT_NEAR(values[i], expected.data[i], 1e-5 * std::abs(expected.data[i]) + 1e-5);
  }
}

}  // namespace
}  // namespace claptools
