#include <gtest/gtest.h>

#include "claptools/core/error.hpp"
#include "claptools/families/family.hpp"
#include "claptools/families/mga_clap/architecture.hpp"
#include "claptools/families/mga_clap/synthetic.hpp"
#include "support/configs.hpp"

namespace claptools {
namespace {

std::string reason_of(const ModelSource& source) {
  try {
    return "taken by " + std::string(find_family(source).name);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::data);
    EXPECT_EQ(error.subject(), "m");
    return error.reason();
  }
}

TEST(Registry, ADirectoryIsRecognisedByItsModelType) {
  const WeightSet none;
  const auto of_type = [&](const char* type) {
    return reason_of({"m", "m/config.json", "{}", type, {}, none});
  };
  EXPECT_EQ(of_type("mga-clap"), "taken by mga-clap");
  EXPECT_EQ(of_type(""), "taken by mga-clap");  // as these tools once wrote it
  EXPECT_EQ(of_type("msclap"), "taken by msclap");
  EXPECT_EQ(of_type("wavcaps"), "taken by wavcaps");
  EXPECT_EQ(of_type("wav2vec2"),
            "config: model_type 'wav2vec2' is not known (mga-clap, laion-clap, msclap, wavcaps)");
}

TEST(Registry, ACheckpointIsRecognisedByItsWeights) {
  const WeightSet tiny = synthetic_weights(testing::tiny_config(), "tiny-1", 64);
  EXPECT_EQ(reason_of({"m.pt", {}, {}, {}, {}, tiny}), "taken by mga-clap");
  WeightSet foreign;
  foreign.add("logit_scale_a", DType::f32, {}, std::vector<std::byte>(4));
  EXPECT_EQ(reason_of({"m", {}, {}, {}, {}, foreign}),
            "its weights are of no model that is known (mga-clap, laion-clap, msclap, wavcaps)");
}

TEST(Registry, AnArchitectureKnowsItsConfiguration) {
  const auto architecture = mga_clap::make_architecture(testing::tiny_config());
  EXPECT_EQ(mga_clap::config_of(*architecture).embed_dim, 32);
  EXPECT_EQ(architecture->spec().dim, 32u);
  EXPECT_EQ(architecture->spec().codewords, 64u);
  EXPECT_EQ(architecture->spec().audio.min_samples, 513u);
}

/// A weight that is trained lies in one of the towers, or joins them.
TEST(Registry, ParametersSayWhatTheyAreFor) {
  std::size_t audio = 0, text = 0, joint = 0, fixed = 0;
  for (const Parameter& p : mga_clap::make_architecture({})->parameters()) {
    (p.tower == Tower::audio ? audio : p.tower == Tower::text ? text : joint) += 1;
    fixed += p.trainable ? 0 : 1;
    if (p.dtype == DType::i64) {
      EXPECT_FALSE(p.trainable) << p.name;
    }
    if (!p.trainable && p.required) {
      EXPECT_TRUE(p.name.find("running_") != std::string::npos) << p.name;
    }
  }
  EXPECT_EQ(joint, 18u);   // temperature, codebook, two projections of eight weights
  EXPECT_EQ(audio, 200u);  // as params_full.tsv of the official code lists
  EXPECT_EQ(text, 198u);   // 5 of embeddings, position_ids, 16 of each of 12 layers
  EXPECT_EQ(fixed, 24u);   // STFT, mel filters, batch statistics, 12 indices, 5 masks, position_ids
}

}  // namespace
}  // namespace claptools
