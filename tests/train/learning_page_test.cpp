#include "claptools/train/learning_page.hpp"

#include <gmock/gmock.h>

#include "report/markup_check.hpp"

namespace claptools {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

TrainingHistory history() {
  TrainingHistory h;
  for (std::uint64_t step = 0; step < 8; ++step) {
    StepRecord record;
    record.step = step;
    record.loss = 4 - 0.5 * static_cast<double>(step);
    record.learning_rate = 5e-5;
    h.steps.push_back(record);
  }
  h.epochs.push_back({0, 4, {{"t2a.r1", "", 0.25}, {"median_rank", "", 12}}});
  h.epochs.push_back({1, 8, {{"t2a.r1", "", 0.5}, {"median_rank", "", 6}}});
  return h;
}

TEST(LearningPage, ShowsTheRunAndItsLastMetrics) {
  const std::string page = learning_page(history(), "clap-train", {{"data", "a & b.json"}});
  EXPECT_THAT(page, HasSubstr("<h1>clap-train</h1>"));
  EXPECT_THAT(page, HasSubstr("a &amp; b.json"));
  EXPECT_THAT(page, HasSubstr("<td>t2a.r1</td><td class=\"number\">0.5000</td>"));
  EXPECT_THAT(page, HasSubstr("Learning curve"));
}

TEST(LearningPage, CountsUpdatesDone) {
  const Markup markup = expect_drawing(learning_curve(history()));
  EXPECT_THAT(markup.texts("text"), Contains("8 updates"));
  EXPECT_THAT(markup.texts("text"), Contains("t2a.r1: 0.500"));
  EXPECT_THAT(markup.texts("text"), Contains("median_rank: 6.000"));
  // Validation stands where its epoch ends: at 4 and 8 of 8 updates, 640 pixels wide.
  const auto marks = markup.all("circle");
  ASSERT_EQ(marks.size(), 4u);
  EXPECT_EQ(marks[0].attribute("cx"), "323");
  EXPECT_EQ(marks[1].attribute("cx"), "643");
}

TEST(LearningPage, OfARunThatHasNotBegun) {
  expect_drawing(learning_curve({}));
  EXPECT_THAT(learning_page({}, "", {}), HasSubstr("0 updates"));
}

}  // namespace
}  // namespace claptools
