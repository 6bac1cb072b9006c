// Every tensor on the way from caption to embedding, and the similarities, against the official
// code's.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "claptools/text/wordpiece_tokenizer.hpp"
#include "model/golden_names.hpp"
#include "model/tensors.hpp"
#include "support/golden_h5.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;
using testing::Golden;
using testing::GoldenFile;

struct Batch {
  at::Tensor ids, attention, word_mask;
};

Batch tokenize(const std::vector<std::string>& texts) {
  std::ifstream in(CLAPTOOLS_SHARE "/vocab-bert-base-uncased.txt");
  const WordPieceTokenizer tokenizer(in, "vocab.txt");
  std::vector<Tokens> tokens;
  std::size_t length = 0;
  for (const auto& text : texts)
    length = std::max(length, tokens.emplace_back(tokenizer.encode(text)).ids.size());
  const auto rows = static_cast<std::int64_t>(texts.size()),
             columns = static_cast<std::int64_t>(length);
  Batch batch{at::full({rows, columns}, tokenizer.pad_id(), at::kLong),
              at::zeros({rows, columns}, at::kBool), at::zeros({rows, columns - 1})};
  for (std::int64_t i = 0; i < rows; ++i) {
    const Tokens& t = tokens[static_cast<std::size_t>(i)];
    for (std::size_t j = 0; j < t.ids.size(); ++j) {
      const auto column = static_cast<std::int64_t>(j);
      batch.ids[i][column] = t.ids[j];
      batch.attention[i][column] = true;
      if (j > 0) batch.word_mask[i][column - 1] = t.special[j] ? 0.0f : 1.0f;
    }
  }
  return batch;
}

std::vector<std::string> captions() {
  std::ifstream in(CLAPTOOLS_SHARED "/goldens/captions.json");
  std::vector<std::string> texts;
  for (const auto& item : nlohmann::json::parse(in)) texts.push_back(item["text"]);
  return texts;
}

void compare(const GoldenFile& file, const std::string& name, const at::Tensor& value) {
  const Golden golden = file.tensor(name);
  double largest = 0;
  for (const float x : golden.data) largest = std::max(largest, std::abs(double{x}));
  EXPECT_LE(testing::max_abs_difference(testing::to_vector(value), golden),
            std::max(15 * golden.fp64_maxabs, 1e-6 * largest))
      << name;
}

void compare_embeddings(const at::Tensor& embeddings, const Golden& golden) {
  const auto flat = testing::to_vector(embeddings);
  EXPECT_LE(testing::max_abs_difference(flat, golden), 1e-5);
  const auto dim = static_cast<std::size_t>(embeddings.size(1));
  for (std::size_t i = 0; i < flat.size(); i += dim) {
    EXPECT_GE(
        testing::cosine(std::span(flat).subspan(i, dim), std::span(golden.data).subspan(i, dim)),
        1 - 1e-6);
  }
}

at::Tensor compare_all(const MgaClapNetwork& network, const std::string& prefix) {
  const GoldenFile file(CLAPTOOLS_SHARED "/goldens/" + prefix + "_text.h5");
  const auto names = file.list("/");
  std::set<std::string> open(names.begin(), names.end());
  const Batch batch = tokenize(captions());
  const auto exact = [&](const char* name, const at::Tensor& value) {
    const Golden golden = file.tensor(name);
    EXPECT_EQ(testing::max_abs_difference(testing::to_vector(value), golden), 0) << name;
    open.erase(name);
  };
  exact("00_input_ids", batch.ids);
  exact("01_attention_mask", batch.attention);
  exact("02_word_mask", batch.word_mask);
  const TensorProbe tap = [&](const std::string& probed, const at::Tensor& value) {
    const std::string name = testing::golden_name(probed, "text");
    if (open.erase(name)) compare(file, name, value);
  };
  const EncodedSide encoded = network.encode_text(batch.ids, batch.attention, batch.word_mask, tap);
  const at::Tensor embeddings = network.embed(encoded, tap);
  EXPECT_EQ(open, (std::set<std::string>{"support_size", "tau", "top_affinity", "top_codes",
                                         "top_weight"}));
  const auto support = testing::to_vector((sparsemax(encoded.affinity) > 0).sum(1));
  const auto expected = file.ints("support_size");
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(support[i], static_cast<double>(expected[i]), 1) << i;
  compare_embeddings(embeddings, file.tensor("33_text_embed"));
  const MgaClapNetwork fast = testing::prepared(network);
  compare_embeddings(fast.embed(fast.encode_text(batch.ids, batch.attention, batch.word_mask)),
                     file.tensor("33_text_embed"));
  return embeddings;
}

TEST(TextGoldens, Tiny) {
  if (!fs::exists(CLAPTOOLS_SHARED "/goldens/tiny_text.h5")) GTEST_SKIP() << "no golden data";
  const c10::InferenceMode guard;
  compare_all(testing::tiny_network(), "tiny");
}

TEST(TextGoldens, Full) {
  if (!fs::exists(CLAPTOOLS_SHARED "/goldens/full_text.h5")) GTEST_SKIP() << "no golden data";
  const c10::InferenceMode guard;
  compare_all(testing::full_network(), "full");
}

void compare_cc0(const MgaClapNetwork& network, const std::string& name) {
  const c10::InferenceMode guard;
  const GoldenFile file(std::string(CLAPTOOLS_TEST_DATA "/model/") + name);
  const Batch batch = tokenize(file.strings("texts"));
  const EncodedSide encoded = network.encode_text(batch.ids, batch.attention, batch.word_mask);
  const auto embeddings = testing::to_vector(network.embed(encoded));
  EXPECT_LE(testing::max_abs_difference(embeddings, file.tensor("text_embeds")), 1e-5);
}

TEST(Cc0Goldens, TinyTexts) { compare_cc0(testing::tiny_network(), "cc0_tiny.h5"); }

TEST(Cc0Goldens, FullTexts) { compare_cc0(testing::full_network(), "cc0_full.h5"); }

}  // namespace
}  // namespace claptools
