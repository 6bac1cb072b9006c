#include "claptools/pipeline/embed_texts.hpp"

#include <gtest/gtest.h>

#include "pipeline/fake_model.hpp"

namespace claptools {
namespace {

TEST(EmbedTexts, KeepsTheOrderAndEmbedsEqualTextsOnce) {
  const testing::FakeModel model;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 400; ++i) texts.emplace_back(i * 7 % 80, 'x');
  const Matrix rows = embed_texts(model, texts, 3);
  for (std::size_t i = 0; i < texts.size(); ++i)
    EXPECT_EQ(rows.row(i)[0], static_cast<float>(texts[i].size()));
  EXPECT_EQ(model.texts_embedded, 80u);
  EXPECT_EQ(embed_texts(model, {}, 2).rows, 0u);
}

TEST(EmbedTexts, StopsBetweenBatches) {
  const testing::FakeModel model;
  const std::atomic<bool> stop = true;
  EXPECT_EQ(embed_texts(model, std::vector<std::string>{"a", "b"}, 2, &stop).rows, 2u);
  EXPECT_EQ(model.texts_embedded, 0u);
}

}  // namespace
}  // namespace claptools
