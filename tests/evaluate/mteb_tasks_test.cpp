#include "claptools/evaluate/mteb/mteb_tasks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "evaluate/evaluation_check.hpp"
#include "support/errors.hpp"

namespace claptools {
namespace {

using ::testing::HasSubstr;

std::string refusal(const MtebRequest& request, const char* evaluation) {
  return testing::message_of(Fault::usage, [&] { find_mteb_task(request, evaluation); });
}

TEST(MtebTasks, AreKnownByName) {
  const MtebTask clotho = find_mteb_task({.task = "ClothoT2ARetrieval"}, "retrieval");
  EXPECT_EQ(clotho.main_score, "hit_rate_at_5");
  EXPECT_EQ(clotho.revision, "c44521cd4067f134e5f5bace4290b59ed773b451");
  EXPECT_EQ(clotho.split, "test");
  EXPECT_EQ(clotho.languages, std::vector<std::string>{"eng-Latn"});
  EXPECT_EQ(clotho.kind, MtebKind::text_to_audio);
  EXPECT_EQ(find_mteb_task({.task = "ClothoA2TRetrieval"}, "retrieval").kind,
            MtebKind::audio_to_text);
  const MtebTask esc = find_mteb_task({.task = "ESC50_Zeroshot"}, "classification");
  EXPECT_EQ(esc.main_score, "accuracy");
  EXPECT_EQ(esc.split, "train");
  EXPECT_EQ(find_mteb_task({.task = "FSD50K"}, "tagging").main_score, "lrap");
  EXPECT_EQ(find_mteb_task({.task = "AudioCapsT2ARetrieval"}, "retrieval").languages.size(), 2U);
}

TEST(MtebTasks, HaveWhatAResultFileSays) {
  std::set<std::string> names;
  for (const MtebTask& task : mteb_tasks()) {
    EXPECT_TRUE(names.insert(task.name).second) << task.name;
    EXPECT_EQ(task.revision.size(), 40U) << task.name;
    EXPECT_FALSE(task.languages.empty()) << task.name;
    EXPECT_FALSE(task.split.empty()) << task.name;
    EXPECT_NE(task.kind, MtebKind::none) << task.name;
  }
  EXPECT_GT(names.size(), 70U);
}

TEST(MtebTasks, OthersNeedTheirRevisionAndSplit) {
  const std::string revision(40, 'a');
  const MtebTask other = find_mteb_task(
      {.task = "NewA2TRetrieval", .revision = revision, .split = "val"}, "retrieval");
  EXPECT_EQ(other.kind, MtebKind::audio_to_text);
  EXPECT_EQ(other.split, "val");
  EXPECT_EQ(other.main_score, "hit_rate_at_5");
  EXPECT_EQ(
      find_mteb_task({.task = "ESC50_Zeroshot", .revision = revision}, "classification").revision,
      revision);
  EXPECT_EQ(refusal({.task = "ClothoT2ARetreival"}, "retrieval"),
            "`mteb_task`: no task 'ClothoT2ARetreival' of retrieval is known; another needs "
            "`mteb_revision` and `mteb_split`; did you mean 'ClothoT2ARetrieval'?");
  EXPECT_THAT(refusal({.task = "esc50"}, "classification"),
              HasSubstr("did you mean 'ESC50_Zeroshot'?"));
  EXPECT_THAT(refusal({.task = "New", .split = "test"}, "tagging"), HasSubstr("no task 'New'"));
  EXPECT_EQ(refusal({.task = "ESC50_Zeroshot"}, "retrieval"),
            "`mteb_task`: 'ESC50_Zeroshot' is a task of classification");
  EXPECT_THAT(refusal({.task = "FSD50K", .revision = "main"}, "tagging"),
              HasSubstr("40 hexadecimal digits, not 'main'"));
}

TEST(MtebTasks, ScoresBeginWithTheMainOne) {
  const MtebTask task = find_mteb_task({.task = "ESC50_Zeroshot"}, "classification");
  Evaluation evaluation;
  evaluation.mteb = {{"f1", "", 0.25}, {"accuracy", "", 0.5}};
  const MetricValues values = mteb_scores(task, evaluation);
  EXPECT_EQ(values.front().metric, "main_score");
  EXPECT_EQ(values.front().value, 0.5);
  EXPECT_EQ(values.size(), 3U);
  evaluation.mteb.pop_back();
  EXPECT_EQ(testing::data_error([&] { mteb_scores(task, evaluation); }),
            "ESC50_Zeroshot: its main score accuracy is not defined");
}

}  // namespace
}  // namespace claptools
