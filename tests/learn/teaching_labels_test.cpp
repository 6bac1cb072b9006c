#include "claptools/learn/teaching_labels.hpp"

#include <gmock/gmock.h>

#include "support/errors.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::message_of;
using testing::TempDir;

struct TeachingLabelsTest : ::testing::Test {
  TeachingLabels read(std::string_view text) {
    testing::write_bytes(folder / "labels.tsv", text);
    return read_teaching_labels((folder / "labels.tsv").native(),
                                [this](LogLevel, std::string_view line) { log += line; });
  }
  std::string refused(std::string_view text) {
    return message_of(Fault::data, [&] { read(text); });
  }
  TempDir folder;
  std::string log;
};

TEST_F(TeachingLabelsTest, OneClassEach) {
  const auto labels = read("id\tlabel\tfold\na.wav\train\t2\nb.wav\tdog\t1\nc.wav\train\t1\n");
  EXPECT_THAT(labels.classes, ElementsAre("dog", "rain"));
  EXPECT_THAT(labels.ids, ElementsAre("a.wav", "b.wav", "c.wav"));
  EXPECT_THAT(labels.ids_classes, ElementsAre(ElementsAre(1), ElementsAre(0), ElementsAre(1)));
  EXPECT_THAT(labels.folds, ElementsAre("2", "1", "1"));
  EXPECT_EQ(labels.choice, ClassChoice::one);
}

TEST_F(TeachingLabelsTest, SeveralClassesOrNone) {
  const auto labels = read("clip_id,label\na,dog\nb,\na,\"rain, hail\"\na,dog\n");
  EXPECT_THAT(labels.classes, ElementsAre("dog", "rain, hail"));
  EXPECT_THAT(labels.ids_classes, ElementsAre(ElementsAre(0, 1), IsEmpty()));
  EXPECT_EQ(labels.choice, ClassChoice::any);
  EXPECT_THAT(labels.folds, IsEmpty());
  EXPECT_THAT(log, HasSubstr("1 labels of a recording twice"));
}

TEST_F(TeachingLabelsTest, TagsAsClapEvalHasThem) {
  const auto labels = read("filename\tevent_labels\na.wav\tdog,\"rain, hail\"\nb.wav\tdog\n");
  EXPECT_THAT(labels.classes, ElementsAre("dog", "rain, hail"));
  EXPECT_EQ(labels.choice, ClassChoice::any);
}

TEST_F(TeachingLabelsTest, RefusesWhatHasNoMeaning) {
  EXPECT_THAT(refused("name\tlabel\na\tb\n"), HasSubstr("'id'"));
  EXPECT_THAT(refused("id\tclass\na\tb\n"), HasSubstr("'label'"));
  EXPECT_THAT(refused("id\tlabel\na\tb\n\tc\n"), HasSubstr("line 3: has no id"));
  EXPECT_THAT(refused("id\tlabel\n"), HasSubstr("no labels"));
  EXPECT_THAT(refused("id\tlabel\na\t\n"), HasSubstr("no labels"));
  EXPECT_THAT(refused("id\tlabel\tfold\na\tb\t1\na\tc\t2\n"), HasSubstr("is in two folds"));
  EXPECT_THAT(refused(""), HasSubstr("labels.tsv"));
}

}  // namespace
}  // namespace claptools
