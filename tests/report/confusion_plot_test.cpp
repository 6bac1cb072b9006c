#include <gmock/gmock.h>

#include <algorithm>

#include "claptools/report/plots.hpp"
#include "report/hostile_names.hpp"
#include "report/markup_check.hpp"
#include "support/errors.hpp"

namespace claptools {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Not;

ConfusionMatrix matrix_of(std::size_t n, std::size_t diagonal) {
  ConfusionMatrix matrix;
  for (std::size_t i = 0; i < n; ++i) matrix.classes.push_back("name" + std::to_string(i));
  matrix.counts.resize(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    matrix.counts[i * n + i] = diagonal;
    matrix.counts[i * n + (i + 1) % n] += 1;
  }
  return matrix;
}

TEST(ConfusionMatrixPlot, ShowsCountsSharesAndAccuracies) {
  const Markup markup = expect_drawing(confusion_matrix_plot({{"dog", "cat"}, {75, 25, 0, 8}}));
  for (const char* text : {"dog", "cat", "75", "25", "8", "75.0 %", "100.0 %",
                           "accuracy 76.85 % (83 of 108 clips); shade: share of the row"}) {
    EXPECT_THAT(markup.texts("text"), Contains(text));
  }
  EXPECT_THAT(markup.texts("text"), Not(Contains("0")));
  EXPECT_THAT(markup.texts("title"), Contains("dog as cat: 25 of 100, 25.0 %"));
  const auto rects = markup.all("rect");
  const auto shade_of = [&](const char* opacity, const char* colour) {
    return std::any_of(rects.begin(), rects.end(), [&](const MarkupElement& r) {
      return r.has("fill-opacity", opacity) && r.has("fill", colour);
    });
  };
  EXPECT_TRUE(shade_of("0.78", "#0072b2"));  // 0.12 + 0.88 * 0.75
  EXPECT_TRUE(shade_of("0.34", "#d55e00"));  // 0.12 + 0.88 * 0.25
  EXPECT_TRUE(shade_of("1", "#0072b2"));
}

TEST(ConfusionMatrixPlot, PutsRowsDownAndColumnsAcross) {
  const Markup markup = expect_drawing(confusion_matrix_plot({{"a", "b"}, {0, 5, 0, 0}}));
  const auto texts = markup.all("text");
  const auto place = [&](const char* text, const char* axis, bool turned) {
    for (const MarkupElement& t : texts) {
      if (t.text == text && t.attribute("transform").empty() != turned)
        return std::stod(t.attribute(axis));
    }
    return -1e9;
  };
  EXPECT_NEAR(place("5", "y", false), place("a", "y", false), 1);
  EXPECT_NEAR(place("5", "x", false), place("b", "x", true), 5);
  EXPECT_THAT(markup.texts("text"), Contains("-"));  // no clip of class b
}

TEST(ConfusionMatrixPlot, CanBeReadAtAnySize) {
  for (const std::size_t n : {1, 2, 10, 50, 456}) {
    const Markup markup = expect_drawing(confusion_matrix_plot(matrix_of(n, 39)));
    std::vector<double> sizes;
    for (const MarkupElement& t : markup.all("text"))
      sizes.push_back(std::stod(t.attribute("font-size")));
    EXPECT_THAT(sizes, Each(Ge(7)));
    const auto texts = markup.texts("text");
    EXPECT_EQ(std::count(texts.begin(), texts.end(), "name" + std::to_string(n - 1)), 2);
    if (n > 1 && n <= 50) {
      EXPECT_EQ(std::count(texts.begin(), texts.end(), "39"), n);
    }
  }
}

TEST(ConfusionMatrixPlot, LeavesOutNumbersThatDoNotFit) {
  const Markup markup = expect_drawing(confusion_matrix_plot(matrix_of(50, 123456)));
  EXPECT_THAT(markup.texts("text"), Not(Contains("123456")));
  EXPECT_THAT(markup.texts("title"), Contains(HasSubstr("123456 of 123457")));
}

TEST(ConfusionMatrixPlot, SurvivesNoClassesNoClipsAndHostileNames) {
  expect_drawing(confusion_matrix_plot({}));
  ConfusionMatrix matrix{hostile_names(), {}};
  matrix.counts.resize(matrix.classes.size() * matrix.classes.size());
  EXPECT_THAT(expect_drawing(confusion_matrix_plot(matrix)).texts("text"), Contains("no clips"));
  std::fill(matrix.counts.begin(), matrix.counts.end(), 1);
  const std::string svg = confusion_matrix_plot(matrix);
  expect_drawing(svg);
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_EQ(svg, confusion_matrix_plot(matrix));
}

TEST(ConfusionMatrixPlot, RefusesCountsOfAnotherShape) {
  testing::message_of(Fault::internal, [] { confusion_matrix_plot({{"a", "b"}, {1, 2, 3}}); });
}

}  // namespace
}  // namespace claptools
