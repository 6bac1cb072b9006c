#include "claptools/search/hit_page.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "claptools/search/hit_page_parts.hpp"
#include "report/hostile_names.hpp"
#include "report/markup_check.hpp"

namespace claptools {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

PageHit example() {
  PageHit hit;
  hit.rank = 3;
  hit.score = "0.532100";
  hit.value = 0.5321;
  hit.id = "dogs/bark.wav";
  hit.start_s = 70;
  hit.end_s = 80.5;
  hit.meta = {{"label", "dog"}, {"fold", ""}};
  hit.path = "/data/dogs/bark.wav";
  hit.sound = {"dogs/bark.wav", 0.25, 70, 80.5, false};
  hit.strip = {Matrix(20, 4), 65, 85};
  return hit;
}

Markup markup_of(const PageHit& hit) { return expect_drawing(hit_page_hit(hit)); }

TEST(HitPage, ShowsWhatAHitIs) {
  const Markup markup = markup_of(example());
  const MarkupElement row = markup.all("li").at(0);
  EXPECT_TRUE(row.has("data-from", "70"));
  EXPECT_TRUE(row.has("data-until", "80.5"));
  EXPECT_TRUE(row.has("data-clock", "0.25"));
  EXPECT_TRUE(row.has("data-strip-from", "65"));
  EXPECT_TRUE(row.has("data-strip-until", "85"));
  EXPECT_THAT(markup.texts("span"), Contains("0.532100"));
  EXPECT_THAT(markup.texts("b"), ElementsAre("bark.wav"));
  EXPECT_THAT(markup.texts("dt"), ElementsAre("label"));
  EXPECT_THAT(markup.texts("dd"), ElementsAre("dog"));
  EXPECT_THAT(markup.texts("div"), Contains("70 \xE2\x80\x93 80.5 s (1:10 \xE2\x80\x93 1:20.5)"));
  EXPECT_TRUE(markup.all("i").at(0).has("style", "width:53.21%"));
  EXPECT_TRUE(markup.all("audio").at(0).has("src", "dogs/bark.wav#t=70.25,80.75"));
}

TEST(HitPage, MarksTheHitInTheStrip) {
  const auto spans = markup_of(example()).all("span");
  const auto mark =
      std::ranges::find_if(spans, [](const auto& s) { return s.has("class", "mark"); });
  ASSERT_NE(mark, spans.end());
  EXPECT_EQ(mark->attribute("style"), "left:25%;width:52.5%");
}

TEST(HitPage, ACutIsNotGivenTimes) {
  PageHit hit = example();
  hit.sound = {"data:audio/wav;base64,UklGRg==", -70, 70, 80.5, true};
  const Markup markup = markup_of(hit);
  EXPECT_TRUE(markup.all("audio").at(0).has("src", "data:audio/wav;base64,UklGRg=="));
  EXPECT_TRUE(markup.all("li").at(0).has("data-cut", "1"));
}

TEST(HitPage, WithoutSoundThereIsNoPlayer) {
  PageHit hit = example();
  hit.sound = {};
  hit.strip = {};
  hit.note = "Cannot be read: no such file";
  const Markup markup = markup_of(hit);
  EXPECT_TRUE(markup.all("audio").empty());
  EXPECT_TRUE(markup.all("img").empty());
  EXPECT_EQ(markup.all("button").size(), 1u) << "the path can still be copied";
  EXPECT_THAT(markup.texts("p"), Contains(hit.note));
}

TEST(HitPage, SurvivesHostileNames) {
  for (const std::string& name : hostile_names()) {
    PageHit hit = example();
    hit.id = hit.path = hit.note = hit.score = name;
    hit.meta = {{name, name}};
    const std::string html = hit_page_hit(hit);
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    const Markup markup = expect_drawing(html);
    const std::string path = markup.all("li").at(0).attribute("data-path");
    EXPECT_EQ(path.find_first_of("<>\"'& \t\n"), path.npos);
    expect_drawing(hit_page_query(1, name, 1) + "</ol></section>");
    const std::string head = hit_page_begin(name, {{name, name}});
    EXPECT_THAT(head, Not(HasSubstr("<script")));
  }
}

TEST(HitPage, SurvivesNumbersThatAreNone) {
  PageHit hit = example();
  for (const double value : {std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity(), -1e300, -0.5}) {
    hit.value = hit.start_s = hit.end_s = hit.strip.start_s = hit.strip.end_s = hit.sound.clock_s =
        value;
    markup_of(hit);
  }
}

TEST(HitPage, IsWholeAndRunsOneScript) {
  const std::string html = hit_page_begin("t", {{"index", "a.clapindex"}}) +
                           hit_page_query(1, "rain", 1) + hit_page_hit(example()) +
                           hit_page_query_end(1) + hit_page_query(2, "snow", 0) +
                           hit_page_query_end(0) + hit_page_end();
  EXPECT_THAT(html, StartsWith("<!DOCTYPE html>\n"));
  for (const char* word : {"http:", "https:", "<link", "@import", "url(", "eval(", "innerHTML"})
    EXPECT_THAT(html, Not(HasSubstr(word)));
  std::string bare = html.substr(html.find("<html"));
  for (const std::string_view part : {kHitPageScript, kHitPageStyle}) {
    ASSERT_NE(bare.find(part), bare.npos);
    bare.erase(bare.find(part), part.size());
  }
  const Markup markup = expect_drawing(bare);
  EXPECT_EQ(markup.all("script").size(), 1u);
  EXPECT_THAT(markup.texts("small"), ElementsAre("1 hit", "no hits"));
  const std::string policy = markup.all("meta").at(2).attribute("content");
  EXPECT_THAT(policy, HasSubstr("default-src &#39;none&#39;"));
  EXPECT_THAT(policy, HasSubstr("script-src &#39;sha256-"));
}

}  // namespace
}  // namespace claptools
