#include "claptools/model/device/replicas.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <utility>
#include <vector>

#include "pipeline/fake_model.hpp"

namespace claptools {
namespace {

/// Does something else while it is asked for an embedding.
class InterruptedModel : public testing::FakeModel {
 public:
  explicit InterruptedModel(std::size_t batch) : batch_(batch) {}
  std::string device() const override { return "cuda:" + std::to_string(batch_); }
  std::size_t preferred_batch() const override { return batch_; }
  Matrix embed_texts(std::span<const std::string> texts) const override {
    if (const auto act = std::exchange(meanwhile, {})) act();
    return FakeModel::embed_texts(texts);
  }
  mutable std::function<void()> meanwhile;  ///< once

 private:
  std::size_t batch_;
};

TEST(Replicas, CallsGoToTheIdlest) {
  auto first = std::make_unique<InterruptedModel>(8),
       second = std::make_unique<InterruptedModel>(4);
  InterruptedModel &a = *first, &b = *second;
  std::vector<std::unique_ptr<Model>> models;
  models.push_back(std::move(first));
  models.push_back(std::move(second));
  const Replicas replicas(std::move(models));
  EXPECT_EQ(replicas.device(), "cuda:8 cuda:4");
  EXPECT_EQ(replicas.devices(), 2U);
  EXPECT_EQ(replicas.preferred_batch(), 4U);

  const std::vector<std::string> texts{"one", "two"};
  a.meanwhile = [&] { EXPECT_EQ(replicas.embed_texts(texts).rows, 2U); };
  EXPECT_EQ(replicas.embed_texts(texts).row(0)[0], 3);
  EXPECT_EQ(a.texts_embedded, 2U);
  EXPECT_EQ(b.texts_embedded, 2U);

  a.meanwhile = [] { throw Error(Fault::data, "text", "refused"); };
  EXPECT_THROW(replicas.embed_texts(texts), Error);
  replicas.embed_texts(texts);
  EXPECT_EQ(a.texts_embedded, 4U);  // idle again
}

}  // namespace
}  // namespace claptools
