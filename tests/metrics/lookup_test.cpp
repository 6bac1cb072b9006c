#include "claptools/metrics/lookup.hpp"

#include <gtest/gtest.h>

#include "claptools/metrics/label_list.hpp"
#include "claptools/metrics/sed/clip_matcher.hpp"
#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

using testing::data_error;
using Strings = std::vector<std::string>;
using Found = std::optional<std::size_t>;

TEST(Lookup, SpellingCountsFirstThenExtensions) {
  const Strings ids{"Y1_30.000", "d/a.wav", "d/b", "d/b.flac", "c.mp3"};
  const Lookup lookup(ids, "scores", kScoredClip);
  EXPECT_EQ(lookup.find_file("Y1_30.000"), Found(0));
  EXPECT_EQ(lookup.find_file("Y1_30.000.wav"), Found(0));
  EXPECT_EQ(lookup.find_file("d/a"), Found(1));
  EXPECT_EQ(lookup.find_file("d/b"), Found(2));
  EXPECT_EQ(lookup.find_file("d/b.wav"), Found(2));
  EXPECT_EQ(lookup.find_file("c"), Found(4));
  EXPECT_EQ(lookup.find_file("a"), Found());
  EXPECT_EQ(lookup.find("c"), Found());
}

TEST(Lookup, StemsOfSeveralAreRefused) {
  const Strings ids{"b.wav", "b.flac"};
  const Lookup lookup(ids, "scores", kScoredClip);
  EXPECT_EQ(data_error([&] { lookup.find_file("b"); }),
            "scores: clip 'b' may be several of those scored: give its extension");
}

TEST(Lookup, NamesOfOurTablesAreReadBack) {
  const Strings ids{"back\\slash.wav", "tab\there.wav", "line\nbreak", "\xff.wav", "raw\\new.wav"};
  const Lookup lookup(ids, "scores", kScoredClip);
  EXPECT_EQ(lookup.find_file("back\\\\slash.wav"), Found(0));
  EXPECT_EQ(lookup.find_file("back\\slash.wav"), Found(0));
  EXPECT_EQ(lookup.find_file("tab\\there.wav"), Found(1));
  EXPECT_EQ(lookup.find_file("line\\nbreak"), Found(2));
  EXPECT_EQ(lookup.find_file("\\xff.wav"), Found(3));
  EXPECT_EQ(lookup.find_file("\\xff"), Found(3));
  EXPECT_EQ(lookup.find_file("raw\\new.wav"), Found(4));  // not "raw", line break, "ew.wav"
}

/// The names looked up in may be those of a table, too: durations.
TEST(Lookup, EitherSideMayBeEscaped) {
  const Strings files{"a\\\\b.wav"};
  const Lookup lookup(files, "durations", kScoredClip);
  EXPECT_EQ(lookup.find_file("a\\b.wav"), Found(0));
  EXPECT_EQ(lookup.find_file("a\\\\b.wav"), Found(0));
}

TEST(Lookup, TwoReadingsAreRefused) {
  const Strings ids{"a\\\\b", "a\\b"};
  const Lookup lookup(ids, "scores", kScoredClip);
  EXPECT_NE(data_error([&] { lookup.find_file("a\\\\b"); }).find("may be"), std::string::npos);
}

TEST(Lookup, BasenamesAndStems) {
  const Strings ids{"x/a.wav", "y/b.flac"};
  EXPECT_EQ(Lookup(ids, "scores", kScoredClip, {true, false}).find_file("a.wav"), Found(0));
  EXPECT_EQ(Lookup(ids, "scores", kScoredClip, {true, true}).find_file("z/b.wav"), Found(1));
  EXPECT_EQ(Lookup(ids, "scores", kScoredClip, {false, true}).find_file("b.wav"), Found());
  const Strings twins{"x/a.wav", "y/a.wav"};
  EXPECT_EQ(data_error([&] {
              Lookup(twins, "scores", kScoredClip, {true, false});
            }),
            "scores: 'x/a.wav' and 'y/a.wav' cannot be told apart by 'a.wav'");
}

TEST(Lookup, MessagesShowBothSidesAndWhatHelps) {
  const Strings ids{"audio/a.wav", "audio/b.wav"};
  const Lookup lookup(ids, "scores", kScoredClip);
  const auto describe = [&](const Strings& absent) { return lookup.describe(absent, 9); };
  EXPECT_EQ(describe({"a.wav", "b.wav"}),
            "2 of 9 clips, such as 'a.wav', are not among those scored, such as 'audio/a.wav'; "
            "base names match: use `basenames`");
  EXPECT_EQ(describe({"audio/a.flac"}),
            "clip 'audio/a.flac' is not among those scored, such as 'audio/a.wav'; "
            "names without extension match: use `stems`");
  EXPECT_EQ(describe({"x/a.flac"}),
            "clip 'x/a.flac' is not among those scored, such as 'audio/a.wav'; "
            "base names without extension match: use `basenames` and `stems`");
  EXPECT_EQ(describe({"Audio/A.wav"}),
            "clip 'Audio/A.wav' is not among those scored, such as 'audio/a.wav'; "
            "'Audio/A.wav' is spelled 'audio/a.wav' there");
  std::string long_name(500, 'x');
  long_name += "/q.wav";
  EXPECT_LE(describe({long_name, long_name}).size(), 250U);
  const Strings classes{"Dog_bark", "cat"};
  EXPECT_EQ(Lookup(classes, "scores", kScoredClass).describe(Strings{"dog bark"}, 1),
            "class 'dog bark' is not among those scored, such as 'Dog_bark'; "
            "'dog bark' is spelled 'Dog_bark' there");
}

class Missing : public ::testing::Test {
 protected:
  /// What the truth's names lack, or the error.
  std::string match(const MatchOptions& how, const Strings& truth) const {
    std::string text;
    const std::string error = data_error([&] {
      ClipMatcher clips(ids, how);
      for (const std::string& name : truth) clips.find(name);
      clips.settle("truth");
      for (const std::string& name : clips.missing()) text += name + " ";
    });
    return error == "no error" ? text : error;
  }

  Strings ids{"a", "b"};
};

TEST_F(Missing, WhatFailedIsLeftOutAndCounted) {
  EXPECT_EQ(match({}, {"a", "b"}), "");
  EXPECT_EQ(match({{}, false, {"c.wav"}, {}}, {"a", "b", "c.wav"}), "c.wav ");
  EXPECT_EQ(match({{}, false, {"c.wav"}, {}}, {"a", "b", "c"}), "c.wav ");
  EXPECT_EQ(match({{}, false, {"c.wav"}, {}}, {"a", "b"}), "c.wav ");
  EXPECT_EQ(match({{}, false, {"c", "c", "a"}, {}}, {"a", "b", "c"}), "c ");  // a was tried again
  EXPECT_EQ(match({{true, false}, false, {"x/c"}, {}}, {"a", "b", "y/c"}), "x/c ");
}

TEST_F(Missing, TheRestIsRefusedUnlessTolerated) {
  EXPECT_EQ(match({}, {"a", "b", "c"}), "truth: clip 'c' is not among those scored, such as 'a'");
  EXPECT_EQ(match({{}, true, {}, {}}, {"a", "b", "c", "c"}), "c ");
  EXPECT_EQ(match({{}, true, {}, {}}, {"c", "d"}),
            "truth: 2 of 2 clips, such as 'c', are not among those scored, such as 'a'");
}

std::string split(const Strings& known, const std::string& cell, char separator = ',') {
  const LabelList list(
      known, [&](std::string_view l) { return std::ranges::count(known, l) > 0; }, separator);
  std::string text;
  const std::string error = data_error([&] {
    for (const std::string& label : list.split(cell, "tags")) text += "[" + label + "]";
  });
  return error == "no error" ? text : error;
}

TEST(LabelLists, CommasInsideLabelsAreFound) {
  const Strings known{"Speech", "Male speech, man speaking", "Bell", "Crow, raven, rook"};
  EXPECT_EQ(split(known, "Speech,Bell"), "[Speech][Bell]");
  EXPECT_EQ(split(known, "Speech, Bell ,"), "[Speech][Bell]");
  EXPECT_EQ(split(known, "Male speech, man speaking,Speech"),
            "[Male speech, man speaking][Speech]");
  EXPECT_EQ(split(known, "Speech, Crow, raven, rook"), "[Speech][Crow, raven, rook]");
  EXPECT_EQ(split(known, R"("Male speech, man speaking","Bell")"),
            "[Male speech, man speaking][Bell]");
  EXPECT_EQ(split(known, "Male speech, man speaking;Bell", ';'),
            "[Male speech, man speaking][Bell]");
  EXPECT_EQ(split(known, ""), "");
  EXPECT_EQ(split(known, "Male speech,Bell"), "[Male speech][Bell]");  // for the message
}

TEST(LabelLists, SeveralReadingsAreRefused) {
  const Strings known{"a", "b", "a,b", "say \"x\""};
  EXPECT_EQ(split(known, "a,b"),
            "tags: labels 'a,b' can be read in several ways; put each in quotes or use "
            "`label_separator`");
  EXPECT_EQ(split(known, R"("a,b")"), "[a,b]");
  EXPECT_EQ(split(known, R"("a","b")"), "[a][b]");
  EXPECT_EQ(split(known, R"("say ""x""",a)"), "[say \"x\"][a]");
  EXPECT_EQ(split(known, R"(say "x",a)"), "[say \"x\"][a]");
}

}  // namespace
}  // namespace claptools
