#include "claptools/report/svg.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <locale>

#include "claptools/core/strings/utf8.hpp"
#include "claptools/report/fit_text.hpp"
#include "report/hostile_names.hpp"
#include "report/markup_check.hpp"

namespace claptools {
namespace {

using ::testing::Contains;
using ::testing::Not;

TEST(EscapeMarkup, LeavesNothingThatMarkupCouldRead) {
  EXPECT_EQ(escape_markup("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(escape_markup("tab\there\x1b\x7f"), "tab\\there\\x1b\\x7f");
  EXPECT_EQ(escape_markup("\xff"), "\\xff");
  EXPECT_EQ(escape_markup("\xef\xbf\xbe|\xe2\x80\xae|\xef\xb7\x90"),
            "\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd");
  EXPECT_EQ(escape_markup("\xc3\xa9v\xc3\xa8nement"), "\xc3\xa9v\xc3\xa8nement");
}

TEST(Decimal, IsShortAndAlwaysANumber) {
  EXPECT_EQ(decimal(1.0), "1");
  EXPECT_EQ(decimal(-0.001), "0");
  EXPECT_EQ(decimal(12.346), "12.35");
  EXPECT_EQ(decimal(100), "100");
  EXPECT_EQ(decimal(0.125, 1), "0.1");
  EXPECT_EQ(decimal(1.0 / 3, 4), "0.3333");
  EXPECT_EQ(decimal(std::numeric_limits<double>::quiet_NaN()), "0");
  EXPECT_EQ(decimal(-std::numeric_limits<double>::infinity()), "0");
  EXPECT_EQ(decimal(1e300), "1000000000000000");
  EXPECT_EQ(fixed_decimal(0.5, 3), "0.500");
}

TEST(Decimal, DoesNotFollowTheLocale) {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
  };
  const std::locale before = std::locale::global(std::locale(std::locale(), new Comma));
  EXPECT_EQ(decimal(1234.5), "1234.5");
  std::locale::global(before);
}

TEST(SvgWriter, NestsAndCloses) {
  SvgWriter svg(10, 20, "t", "d");
  svg.open("g").open("rect").attribute("x", 1.5).close().open("text").text("a<b");
  const Markup markup = expect_drawing(svg.finish());
  EXPECT_EQ(markup.elements[0].attribute("viewBox"), "0 0 10 20");
  EXPECT_THAT(markup.texts("title"), Contains("t"));
  EXPECT_THAT(markup.texts("desc"), Contains("d"));
  EXPECT_THAT(markup.texts("text"), Contains("a&lt;b"));
}

/// Relative luminance of "#rrggbb", by WCAG 2.1.
double luminance(const std::string& colour) {
  constexpr double kWeights[] = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const double share = std::stoi(colour.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    sum +=
        kWeights[i] * (share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4));
  }
  return sum;
}

TEST(SvgWriter, EveryPaintHasADarkOneThatIsSeen) {
  SvgWriter svg(10, 20, "t", "d");
  const std::string style = expect_drawing(svg.finish()).texts("style").at(0);
  EXPECT_THAT(style, ::testing::HasSubstr("@media screen and (prefers-color-scheme: dark)"));
  const auto dark = [&](const Paint& paint, const std::string& suffix) {
    const std::string rule = " ." + std::string(paint.css_class) + suffix;
    const std::size_t at = style.find(rule);
    EXPECT_NE(at, style.npos) << rule;
    return style.substr(at + rule.size(), 7);
  };
  const double paper = luminance(dark(kPaper, " { fill: "));
  for (const Paint& paint : {kInk, kMuted, kBlue, kVermilion, kGreen, kPurple, kOrange, kSky}) {
    const std::string fill = dark(paint, " { fill: ");
    EXPECT_EQ(fill, dark(paint, "-line { stroke: "));
    EXPECT_GE((luminance(fill) + 0.05) / (paper + 0.05), 4.5) << paint.css_class;
  }
}

TEST(SvgWriter, SurvivesHostileNames) {
  for (const std::string& name : hostile_names()) {
    SvgWriter svg(100, 100, name, name);
    draw_name(svg, 0, 0, name, 50);
    draw_rect(svg, {0, 0, 1, 1}, kInk, name);
    svg.open("a").attribute("b", name).close();
    expect_drawing(svg.finish());
  }
}

TEST(FitText, CutsAtACharacterAndShowsWhatIsEmpty) {
  EXPECT_EQ(fit_text("dog", 100, 12).text, "dog");
  EXPECT_FALSE(fit_text("dog", 100, 12).cut);
  EXPECT_EQ(fit_text("", 100, 12).text, "(empty)");
  for (double width = 0; width < 120; ++width) {
    for (const std::string& name : hostile_names()) {
      const FittedText fitted = fit_text(name, width, 12);
      EXPECT_TRUE(is_utf8(fitted.text));
      EXPECT_EQ(fitted.cut, fitted.text.ends_with("\xE2\x80\xA6"));
      if (width >= 12) {
        EXPECT_LE(text_width(fitted.text, 12), width + 1e-9);
      }
    }
  }
}

TEST(DrawName, KeepsTheWholeNameOfOneCutAsItsTooltip) {
  SvgWriter svg(100, 100, "", "");
  draw_name(svg, 0, 0, "a name that is much too long", 50);
  draw_name(svg, 0, 0, "short", 50);
  const Markup markup = expect_drawing(svg.finish());
  EXPECT_THAT(markup.texts("title"), Contains("a name that is much too long"));
  EXPECT_THAT(markup.texts("title"), Not(Contains("short")));
}

TEST(ParseMarkup, FindsFaults) {
  for (const char* text :
       {"", "<a>", "<a></b>", "<a/><b/>", "<a>&</a>", "<a>&nbsp;</a>", "<a b=\"<\"/>", "<a b=c/>",
        "<a b=\"1\" b=\"2\"/>", "<a/>x", "<a>\x01</a>", "<a>\xff</a>", "<a>\xef\xbf\xbf</a>"}) {
    EXPECT_NE(parse_markup(text).fault, "") << text;
  }
  EXPECT_EQ(parse_markup("<a b=\"1\">x<c/>&lt;</a>\n").fault, "");
}

}  // namespace
}  // namespace claptools
