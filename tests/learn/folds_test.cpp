#include "claptools/learn/folds.hpp"

#include <gmock/gmock.h>

namespace claptools {
namespace {

using ::testing::ElementsAre;

TEST(Folds, GiveEachItsShareOfEveryClass) {
  const std::vector<std::vector<std::uint32_t>> classes = {{0}, {1}, {0}, {1}, {0}, {1}, {0}, {1}};
  EXPECT_THAT(make_folds(classes, 2, 2), ElementsAre(0, 0, 0, 0, 1, 1, 1, 1));
  EXPECT_THAT(make_folds(classes, 2, 4), ElementsAre(0, 0, 1, 1, 2, 2, 3, 3));
}

TEST(Folds, SpreadSmallClasses) {
  const std::vector<std::vector<std::uint32_t>> classes = {{0}, {1}, {2}, {2}, {3}};
  EXPECT_THAT(make_folds(classes, 4, 3), ElementsAre(0, 1, 2, 0, 1));
}

/// The recording of two classes counts with the one that has fewer.
TEST(Folds, HeedTheRarestClass) {
  const std::vector<std::vector<std::uint32_t>> classes = {{0}, {0, 1}, {0}, {1}, {0}, {}, {}};
  EXPECT_THAT(make_folds(classes, 2, 2), ElementsAre(0, 0, 0, 1, 1, 0, 1));
}

}  // namespace
}  // namespace claptools
