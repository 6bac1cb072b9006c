#include "claptools/report/html.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "claptools/report/plots.hpp"
#include "report/hostile_names.hpp"
#include "report/markup_check.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The page without its document type, which is no XML element; the rest is.
Markup page_markup(const std::string& html) {
  const std::string type = "<!DOCTYPE html>\n";
  EXPECT_THAT(html, ::testing::StartsWith(type));
  return expect_drawing(std::string_view(html).substr(type.size()));
}

TEST(HtmlPage, ListsProvenanceTotalsAndClasses) {
  ReportPage page{.title = "ESC-50",
                  .provenance = {{"model", "mga-clap"}},
                  .metrics = {{"top1", "", 0.9455},
                              {"ranks", "", 12},
                              {"accuracy", "dog", 0.5},
                              {"accuracy", "cat", 1},
                              {"ap", "dog", 0.25},
                              {"ap", "cat", kNan},
                              {"fold", "1", kInfinity}},
                  .plots = {{"Ranks", rank_histogram_plot({})}}};
  const Markup markup = page_markup(html_page(page));
  EXPECT_THAT(markup.texts("h1"), ElementsAre("ESC-50"));
  EXPECT_THAT(markup.texts("td"),
              ElementsAre("mga-clap", "top1", "0.9455", "ranks", "12", "dog", "0.5000", "0.2500",
                          "cat", "1", "\xE2\x80\x93", "1", "\xE2\x88\x9E"));
  EXPECT_THAT(markup.texts("th"),
              ElementsAre("model", "metric", "value", "class", "accuracy", "ap", "class", "fold"));
  EXPECT_EQ(markup.all("svg").size(), 1u);
  EXPECT_THAT(markup.texts("figcaption"), ElementsAre("Ranks"));
}

TEST(HtmlPage, IntervalsStandBesideTheirTotals) {
  ReportPage page;
  page.metrics = {
      {"top1", "", 0.5}, {"n", "", 3}, {"top1.ci_low", "", 0.25}, {"top1.ci_high", "", 0.75}};
  const Markup markup = page_markup(html_page(page));
  EXPECT_THAT(markup.texts("td"),
              ElementsAre("top1", "0.5000", "0.2500 \xE2\x80\x93 0.7500", "n", "3"));
  EXPECT_THAT(markup.texts("th"), ElementsAre("metric", "value", "95 % interval"));
}

TEST(HtmlPage, FetchesAndRunsNothing) {
  ReportPage page{
      .title = "t", .provenance = {}, .metrics = {}, .plots = {{"", confusion_matrix_plot({})}}};
  const std::string html = html_page(page);
  for (const char* word :
       {"<script", "<link", "@import", "url(", "src=", "https:", "javascript:"}) {
    EXPECT_THAT(html, Not(HasSubstr(word)));
  }
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
}

TEST(HtmlPage, SurvivesHostileNamesAndNothingAtAll) {
  page_markup(html_page({}));
  for (const std::string& name : hostile_names()) {
    ReportPage page{.title = name,
                    .provenance = {{name, name}},
                    .metrics = {{name, "", 1}, {name, name, 2}, {name, "x", -kInfinity}},
                    .plots = {{name, rank_histogram_plot({})}}};
    const std::string html = html_page(page);
    page_markup(html);
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_EQ(html, html_page(page));
  }
}

}  // namespace
}  // namespace claptools
