#include "claptools/evaluate/ci_reports.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace claptools {
namespace {

const std::vector<Gate> kGates{{"top1 >= 0.5", false, "top1: 0.4 is below <0.5>, 100%\nreally"},
                               {"top5 >= 0.5", true, "top5: 0.6 is not below \"0.5\""}};

TEST(Junit, HasACasePerGate) {
  EXPECT_EQ(junit_xml("clap-eval <tagging>", kGates), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="clap-eval &lt;tagging&gt;" tests="2" failures="1" errors="0">
<testcase classname="clap-eval &lt;tagging&gt;" name="top1 &gt;= 0.5"><failure message="top1: 0.4 is below &lt;0.5&gt;, 100%\nreally">top1: 0.4 is below &lt;0.5&gt;, 100%\nreally</failure></testcase>
<testcase classname="clap-eval &lt;tagging&gt;" name="top5 &gt;= 0.5"><system-out>top5: 0.6 is not below &quot;0.5&quot;</system-out></testcase>
</testsuite>
</testsuites>
)");
}

TEST(Junit, MayHaveNoCase) {
  EXPECT_EQ(junit_xml("x", {}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
            "<testsuite name=\"x\" tests=\"0\" failures=\"0\" errors=\"0\">\n"
            "</testsuite>\n</testsuites>\n");
}

TEST(GithubAnnotations, AreOfFailuresAndEscaped) {
  EXPECT_EQ(github_annotations("a:b,c", kGates),
            "::error title=a%3Ab%2Cc::top1: 0.4 is below <0.5>, 100%25%0Areally\n");
  EXPECT_EQ(github_annotations("a", {{kGates[1]}}), "");
}

TEST(MarkdownSummary, HasTotalsAndGates) {
  const MetricValues values{{"top1", "", 1.0 / 3},
                            {"top1", "dog", 1},
                            {"n_clips", "", 1234567},
                            {"odd|name", "", std::numeric_limits<double>::infinity()}};
  EXPECT_EQ(markdown_summary("x|y", values, {{kGates[1]}}),
            "### x\\|y\n\n| metric | value |\n|---|---:|\n| top1 | 0.333333 |\n"
            "| n_clips | 1234567 |\n| odd\\|name | inf |\n"
            "\n| gate | | |\n|---|---|---|\n"
            "| top5 &gt;= 0.5 | passed | top5: 0.6 is not below &quot;0.5&quot; |\n\n");
}

TEST(MarkdownSummary, MarksFailuresAndNeedsNoGates) {
  EXPECT_EQ(markdown_summary("x", {}, {}), "### x\n\n| metric | value |\n|---|---:|\n\n");
  EXPECT_NE(markdown_summary("x", {}, kGates).find("| top1 &gt;= 0.5 | **failed** |"),
            std::string::npos);
}

TEST(ShortNumber, HasSixDigitsButWholeNumbersInFull) {
  EXPECT_EQ(short_number(2.0 / 3), "0.666667");
  EXPECT_EQ(short_number(66.66666666666667), "66.6667");
  EXPECT_EQ(short_number(0.000012345678), "1.23457e-05");
  EXPECT_EQ(short_number(0.5), "0.5");
  EXPECT_EQ(short_number(1234567), "1234567");
  EXPECT_EQ(short_number(-0.0), "0");
  EXPECT_EQ(short_number(1.5e20), "1.5e+20");
  EXPECT_EQ(short_number(-NAN), "nan");
  EXPECT_EQ(short_number(-HUGE_VAL), "-inf");
}

}  // namespace
}  // namespace claptools
