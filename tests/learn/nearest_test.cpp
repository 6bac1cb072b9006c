#include "claptools/learn/nearest.hpp"

#include <gmock/gmock.h>

#include "claptools/learn/classifier.hpp"
#include "learn/golden.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::IsEmpty;

using Classes = std::vector<std::vector<std::uint32_t>>;

std::vector<std::size_t> indices(const std::vector<Neighbour>& found) {
  std::vector<std::size_t> all;
  for (const auto& one : found) all.push_back(one.index);
  return all;
}

TEST(Nearest, OrdersAndLeavesOut) {
  const std::vector<float> cosines = {0.1F, 0.9F, 0.5F, 0.9F};
  const std::vector<std::size_t> groups = {0, 1, 2, 2};
  EXPECT_THAT(indices(nearest(cosines, 3)), ElementsAre(1, 3, 2));
  EXPECT_THAT(indices(nearest(cosines, 9, groups, 2)), ElementsAre(1, 0));
  EXPECT_THAT(nearest({}, 3), IsEmpty());
}

TEST(Nearest, VotesByDistance) {
  const Classes classes = {{0}, {1}, {1}};
  const std::vector<Neighbour> far = {{0, 0.5F}, {1, 0.0F}, {2, 0.0F}};
  EXPECT_THAT(vote(far, classes, 2), ElementsAre(FloatEq(0.5F), FloatEq(0.5F)));
  const std::vector<Neighbour> equal = {{0, 1.0F}, {1, 0.9F}, {2, 0.9F}};
  EXPECT_THAT(vote(equal, classes, 2), ElementsAre(1, 0)) << "what is equal decides alone";
  EXPECT_THAT(vote({}, classes, 2), ElementsAre(0, 0));
}

TEST(Nearest, EqualsScikitLearn) {
  const auto& golden = testing::golden();
  ClassifierFile file;
  file.classes = {"a", "b", "c", "d"};
  file.neighbours = 5;
  file.rows = testing::to_matrix(golden["rows"]);
  for (const auto& label : golden["labels"])
    file.row_classes.push_back({label.get<std::uint32_t>()});
  const Matrix found = Classifier(file).probabilities(testing::to_matrix(golden["queries"]));
  const Matrix expected = testing::to_matrix(golden["votes"]);
  for (std::size_t i = 0; i < found.data.size(); ++i)
    EXPECT_NEAR(found.data[i], expected.data[i], 1e-4) << i;
}

}  // namespace
}  // namespace claptools
