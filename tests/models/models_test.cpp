// What clap-model does, without its process: a tiny model is published, verified, split and joined.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/core/error.hpp"
#include "claptools/engine/known_answer.hpp"
#include "claptools/models/publish_model.hpp"
#include "claptools/models/verify_model.hpp"
#include "claptools/store/digest.hpp"
#include "engine/tiny_files.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

using ::testing::AllOf;
using testing::fill_weight;
using ::testing::HasSubstr;
using testing::read_bytes;
using testing::tiny_files;

const PublishOptions kOnCpu{"cpu", false};
constexpr const char* kTextTower = "text_encoder.text_encoder.";

std::string sha256_of(const std::string& bytes) {
  Sha256 digest;
  digest.update(std::as_bytes(std::span(bytes)));
  return digest.hex();
}

class ModelsTest : public ::testing::Test {
 protected:
  fs::path publish(const std::string& name, const ModelFiles& files) {
    publish_model(folder_ / name, files, kOnCpu, {});
    return folder_ / name;
  }

  static OpenedModel open(const fs::path& path) {
    return open_model({path, {}, {}, {}}, {"cpu"}, {});
  }

  /// The text tower of a model as others publish it: no prefix, its vocabulary beside it.
  fs::path text_folder(const std::string& name, const ModelFiles& files) {
    WeightSet bert;
    bert.storage = files.weights.storage;
    for (const auto& [weight, view] : files.weights.tensors)
      if (weight.starts_with(kTextTower))
        bert.tensors.emplace(weight.substr(std::string(kTextTower).size()), view);
    fs::create_directory(folder_ / name);
    write_safetensors(folder_ / name / "model.safetensors", bert);
    fs::copy_file(files.vocabulary, folder_ / name / "vocab.txt");
    return folder_ / name;
  }

  testing::TempDir folder_;
};

TEST_F(ModelsTest, AnOpenedModelIsIdentified) {
  const fs::path path = publish("model", tiny_files());
  std::string said;
  const Log log = [&](LogLevel, std::string_view text) { said += text; };
  const OpenedModel opened = open_model({path, {}, {}, {}}, {"cpu"}, log);
  EXPECT_EQ(opened.path, path.native());
  EXPECT_EQ(opened.space,
            "mga-clap:" + opened.sha256.substr(0, 12) + ":" + opened.model->spec().audio.front_end);
  const EmbeddingHeader header = header_of(opened);
  EXPECT_EQ(header.model_name + header.model_sha256, "tiny" + opened.sha256);
  EXPECT_EQ(header.dim, opened.model->spec().dim);
  EXPECT_EQ(header.space, opened.space);
  EXPECT_EQ(opened.sha256, sha256_of(read_bytes(path / "model.safetensors")));
  EXPECT_EQ(opened.config_sha256,
            sha256_of(read_bytes(path / "config.json") + read_bytes(path / "vocab.txt")));
  EXPECT_THAT(said, HasSubstr("model 'tiny' on cpu"));
  EXPECT_DOUBLE_EQ(require_logit_scale(opened), 1 / 0.0546875) << "its weight `temp`";
  EXPECT_EQ(weights_sha256(tiny_files()), opened.sha256) << "wherever the weights are";
}

TEST_F(ModelsTest, AnotherModelsEmbeddingsAreRefused) {
  const OpenedModel opened = open(publish("model", tiny_files()));
  EmbeddingHeader header;
  header.model_name = "tiny";
  header.model_sha256 = opened.sha256;
  EXPECT_NO_THROW(require_same_model(opened, "a.h5", header)) << "of a file that names no space";
  header.space = opened.space + ":10s:zero:none:fp32";
  EXPECT_NO_THROW(require_same_model(opened, "a.h5", header));
  const auto refusal = [&] {
    return testing::message_of(Fault::data, [&] { require_same_model(opened, "a.h5", header); });
  };
  header.space = "toy:00ff:8000";
  EXPECT_EQ(refusal(), "a.h5: other space: toy:00ff:8000 / " + opened.space);
  header.model_name = "big";
  header.model_sha256 = std::string(64, 'a');
  const std::string message = refusal();
  EXPECT_EQ(message, "a.h5: was made with model 'big' (aaaaaaaaaaaa), not with 'tiny' (" +
                         opened.sha256.substr(0, 12) + ")");
}

TEST_F(ModelsTest, WhatIsPublishedVerifies) {
  EXPECT_LE(verify_model(open(publish("model", tiny_files()))), kKnownAnswerTolerance);
  EXPECT_THAT(
      testing::message_of(Fault::cannot_create,
                          [&] { publish_model(folder_ / "model", tiny_files(), kOnCpu, {}); }),
      HasSubstr("exists"));
}

/// The digest covers what the few inputs of the known answer do not reach, such as this word.
TEST_F(ModelsTest, AnotherWeightIsSeen) {
  const fs::path path = publish("model", tiny_files());
  ModelFiles files = tiny_files();
  const std::string words = "text_encoder.text_encoder.embeddings.word_embeddings.weight";
  const TensorView view = files.weights.tensors.at(words);
  std::vector<std::byte> bytes(view.bytes.begin(), view.bytes.end());
  bytes[1] ^= std::byte{1};  // of [PAD]
  files.weights.tensors.erase(words);
  files.weights.add(words, view.dtype, view.shape, std::move(bytes));
  write_safetensors(path / "model.safetensors", files.weights);
  EXPECT_THAT(testing::message_of(Fault::data, [&] { verify_model(open(path)); }),
              AllOf(HasSubstr(path.native()), HasSubstr("its weights are not those")));
}

TEST_F(ModelsTest, AKnownAnswerTellsOfATextTowerThatHasCollapsed) {
  const fs::path path = publish("model", tiny_files());
  EXPECT_NO_THROW(check_text_tower(open(path)));
  WeightSet answer = make_proof(testing::tiny_model(), tiny_files());
  const TensorView text = answer.tensors.at("text");
  const auto first = text.bytes.first(text.bytes.size() / static_cast<std::size_t>(text.shape[0]));
  std::vector<std::byte> bytes;
  for (std::int64_t row = 0; row < text.shape[0]; ++row)
    bytes.insert(bytes.end(), first.begin(), first.end());
  answer.tensors.erase("text");
  answer.add("text", text.dtype, text.shape, std::move(bytes));
  write_safetensors(path / "known_answer.safetensors", answer);
  EXPECT_THAT(testing::message_of(Fault::data, [&] { check_text_tower(open(path)); }),
              HasSubstr("the text encoder has collapsed"));
  answer.tensors.erase("weights_sha256");
  write_safetensors(path / "known_answer.safetensors", answer);
  EXPECT_NO_THROW(check_text_tower(open(path))) << "the answer may be of other weights";
}

TEST_F(ModelsTest, AnotherAnswerIsSeen) {
  const fs::path path = publish("model", tiny_files());
  WeightSet answer = known_answer(testing::tiny_model());
  const TensorView text = answer.tensors.at("text");
  std::vector<std::byte> bytes(text.bytes.begin(), text.bytes.end());
  bytes[3] ^= std::byte{0x80};  // the sign of the first number
  answer.tensors.erase("text");
  answer.add("text", text.dtype, text.shape, std::move(bytes));
  write_safetensors(path / "known_answer.safetensors", answer);
  EXPECT_THAT(testing::message_of(Fault::data, [&] { verify_model(open(path)); }),
              HasSubstr("differs from its known answer by"));
  fs::remove(path / "known_answer.safetensors");
  EXPECT_THAT(testing::message_of(Fault::data, [&] { verify_model(open(path)); }),
              HasSubstr("no known answer"));
}

TEST_F(ModelsTest, HalfOfTheSpaceVerifiesAsItself) {
  const fs::path whole = publish("whole", tiny_files());
  ModelFiles files = tiny_files();
  to_half(files);
  const fs::path half = publish("half", files);
  EXPECT_LT(fs::file_size(half / "model.safetensors"),
            fs::file_size(whole / "model.safetensors") * 2 / 3);
  EXPECT_NE(open(half).sha256, open(whole).sha256);
  EXPECT_LE(verify_model(open(half)), kKnownAnswerTolerance);
}

TEST_F(ModelsTest, CountsParameters) {
  const ModelFiles files = tiny_files();
  std::size_t numbers = 0;
  for (const Parameter& parameter : files.architecture->parameters())
    if (parameter.required) numbers += files.weights.tensors.at(parameter.name).numel();
  EXPECT_EQ(parameter_count(files), numbers);
  ModelFiles part = files;
  part.weights.tensors.erase("codebook");
  EXPECT_EQ(parameter_count(part), numbers - 64 * 32);
}

TEST_F(ModelsTest, SplitAndJoinedItIsTheWholeAgain) {
  const fs::path whole = publish("whole", tiny_files());
  split_model(folder_ / "part", tiny_files(), kOnCpu, {});
  for (const auto& [name, view] : read_safetensors(folder_ / "part" / "model.safetensors").tensors)
    EXPECT_FALSE(name.starts_with(kTextTower)) << name;
  EXPECT_FALSE(fs::exists(folder_ / "part" / "vocab.txt"));

  const SplitModel split{folder_ / "part", text_folder("bert", tiny_files())};
  const fs::path joined = folder_ / "joined";
  join_model(joined, split, false, kOnCpu, {});
  for (const char* name : {"config.json", "vocab.txt"})
    EXPECT_TRUE(read_bytes(joined / name) == read_bytes(whole / name)) << name;
  const auto expect_same = [](const WeightSet& a, const WeightSet& b, const std::string& name) {
    EXPECT_TRUE(std::ranges::equal(a.tensors.at(name).bytes, b.tensors.at(name).bytes)) << name;
  };
  const WeightSet made = read_safetensors(joined / "model.safetensors");
  const ModelFiles files = tiny_files();
  for (const Parameter& parameter : files.architecture->parameters())
    if (parameter.required) expect_same(made, files.weights, parameter.name);
  for (const char* name : {"text", "audio"})
    expect_same(read_known_answer(joined), read_known_answer(whole), name);
  EXPECT_LE(verify_model(open(joined)), kKnownAnswerTolerance);
}

/// The text tower is published in float32, whatever the part is.
TEST_F(ModelsTest, APartInHalfTheSpaceIsJoinedAsThat) {
  ModelFiles files = tiny_files();
  to_half(files);
  split_model(folder_ / "part", files, kOnCpu, {});
  const SplitModel split{folder_ / "part", text_folder("bert", tiny_files())};
  join_model(folder_ / "joined", split, true, kOnCpu, {});
  const OpenedModel joined = open(folder_ / "joined");
  EXPECT_LE(verify_model(joined), kKnownAnswerTolerance);
  EXPECT_EQ(compare_known_answer(*joined.model, read_known_answer(split.part), "part"), 0);
}

TEST_F(ModelsTest, AnotherTextTowerIsRefused) {
  split_model(folder_ / "part", tiny_files(), kOnCpu, {});
  ModelFiles other = tiny_files();
  fill_weight(other, "text_encoder.text_encoder.embeddings.token_type_embeddings.weight", 1);
  const SplitModel split{folder_ / "part", text_folder("other", other)};
  const std::string message = testing::message_of(
      Fault::data, [&] { join_model(folder_ / "joined", split, false, kOnCpu, {}); });
  EXPECT_EQ(message, split.text.native() + ": is not the text tower that " + split.part.native() +
                         " was trained with");
  EXPECT_FALSE(fs::exists(folder_ / "joined"));
}

}  // namespace
}  // namespace claptools
