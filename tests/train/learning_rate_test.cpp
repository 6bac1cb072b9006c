#include "claptools/train/learning_rate.hpp"

#include <gtest/gtest.h>

#include "claptools/core/strings/table.hpp"

namespace claptools {
namespace {

/// Number `column` of a row of the table.
double number(const std::vector<std::string>& row, std::size_t column) {
  return std::stod(row[column]);
}

TEST(LearningRate, IsTheOfficialOne) {
  const Table table = read_table_file(CLAPTOOLS_TEST_DATA "/train/lr_schedule.tsv", Delimiter::tab);
  ASSERT_EQ(table.rows.size(), 92u);
  for (const auto& row : table.rows) {
    const LearningRate rate{number(row, 0), std::stoull(row[1]), std::stoull(row[2])};
    const double expected = number(row, 4);
    EXPECT_NEAR(rate.at(std::stoull(row[3])), expected, 1e-15 * rate.base) << row[2] << row[3];
  }
}

TEST(LearningRate, AtTheEdges) {
  const LearningRate all_warmup{1, 4, 4};
  EXPECT_EQ(all_warmup.at(0), 0.25);
  EXPECT_EQ(all_warmup.at(3), 1);
  EXPECT_EQ(all_warmup.at(4), 0);
  const LearningRate none{2, 0, 10};
  EXPECT_EQ(none.at(0), 2);
  EXPECT_EQ(none.at(10), 0);
  EXPECT_EQ(none.at(1000), 0);
}

}  // namespace
}  // namespace claptools
