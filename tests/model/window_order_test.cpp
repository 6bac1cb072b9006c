#include "claptools/model/layers/window_order.hpp"

#include <gtest/gtest.h>

namespace claptools {
namespace {

TEST(WindowOrder, WindowsRowByRow) {
  EXPECT_EQ(window_order(4, 2, 0),
            (TokenOrder{0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15}));
  EXPECT_EQ(window_order(4, 2, 1),
            (TokenOrder{5, 6, 9, 10, 7, 4, 11, 8, 13, 14, 1, 2, 15, 12, 3, 0}));
}

TEST(WindowOrder, GathersComposeToTheTarget) {
  const TokenOrder plain = window_order(8, 4, 0), shifted = window_order(8, 4, 2);
  const TokenOrder gather = gather_between(plain, shifted);
  for (std::size_t i = 0; i < gather.size(); ++i)
    EXPECT_EQ(plain[static_cast<std::size_t>(gather[i])], shifted[i]);
}

TEST(WindowOrder, MergingTakesRowsBeforeColumns) {
  const TokenOrder gather =
      merge_gather(4, 2, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
  EXPECT_EQ(TokenOrder(gather.begin(), gather.begin() + 8), (TokenOrder{0, 4, 1, 5, 2, 6, 3, 7}));
}

}  // namespace
}  // namespace claptools
