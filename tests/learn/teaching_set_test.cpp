#include "claptools/learn/teaching_set.hpp"

#include <gmock/gmock.h>

#include "support/errors.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::message_of;

EmbeddingHeader header_of(std::size_t dim, std::string space = {}) {
  EmbeddingHeader header;
  header.dim = dim;
  header.space = std::move(space);
  return header;
}

TeachingLabels labels_of(std::vector<std::string> ids, std::vector<std::string> classes) {
  TeachingLabels labels;
  labels.file = "labels.tsv";
  labels.ids = std::move(ids);
  labels.classes = classes;
  for (std::size_t i = 0; i < labels.ids.size(); ++i)
    labels.ids_classes.push_back({static_cast<std::uint32_t>(i % classes.size())});
  return labels;
}

void add(TeachingSet& set, const std::vector<Segment>& segments, std::vector<float> values) {
  const std::size_t dim = values.size() / segments.size();
  set.add({segments, {values.data(), segments.size(), dim}, {}, {}, {}});
}

TEST(TeachingSet, TakesTheRowsOfLabelledRecordings) {
  TeachingSet set(labels_of({"a", "c.wav", "gone.wav"}, {"dog", "rain", "sea"}), {});
  set.begin(header_of(1), "x.h5");
  add(set, {{"a.wav", 0, 1}, {"b.wav", 0, 1}, {"c.wav", 0, 1}}, {1, 2, 3});
  add(set, {{"a.wav", 1, 2}}, {4});
  std::string log;
  const TeachingData data =
      set.finish([&](LogLevel, std::string_view line) { (log += line) += '\n'; });
  EXPECT_THAT(data.rows.data, ElementsAre(1, 3, 4));
  EXPECT_THAT(data.row_recordings, ElementsAre(0, 1, 0));
  EXPECT_THAT(data.classes, ElementsAre("dog", "rain"));
  EXPECT_THAT(data.row_classes, ElementsAre(ElementsAre(0), ElementsAre(1), ElementsAre(0)));
  EXPECT_EQ(data.unlabelled, 1U);
  EXPECT_THAT(log, HasSubstr("left out: recording 'gone.wav' is not among those embedded"));
  EXPECT_THAT(log, HasSubstr("classes without a recording: 1, such as 'sea'"));
}

TEST(TeachingSet, MatchesLastPartsWhereAsked) {
  TeachingSet set(labels_of({"a", "b"}, {"dog", "rain"}), {.basenames = true});
  set.begin(header_of(1), "x.h5");
  add(set, {{"here/a.flac", 0, 1}, {"there/b.flac", 0, 1}}, {1, 2});
  EXPECT_THAT(set.finish({}).rows.data, ElementsAre(1, 2));
}

TEST(TeachingSet, ForgetsWhatFailed) {
  TeachingSet set(labels_of({"a", "b", "c"}, {"dog", "rain", "sea"}), {});
  set.begin(header_of(2), "x.h5");
  add(set, {{"a", 0, 1}, {"b", 0, 1}, {"c", 0, 1}, {"c", 1, 2}}, {1, 1, 2, 2, 3, 3, 3, 3});
  set.drop("c");
  set.drop("other");
  EXPECT_THAT(set.finish({}).rows.data, ElementsAre(1, 1, 2, 2));
}

TEST(TeachingSet, RefusesWhatCannotTeach) {
  const auto refused = [](TeachingLabels labels, const std::vector<Segment>& rows) {
    return message_of(Fault::data, [&] {
      TeachingSet set(std::move(labels), {});
      set.begin(header_of(1), "x.h5");
      if (!rows.empty()) add(set, rows, std::vector<float>(rows.size(), 1));
      set.finish({});
    });
  };
  const std::vector<Segment> two = {{"a.wav", 0, 1}, {"b.wav", 0, 1}};
  EXPECT_THAT(refused(labels_of({"x", "y"}, {"dog", "rain"}), two), HasSubstr("2 of 2 recordings"));
  EXPECT_THAT(refused(labels_of({"a", "b"}, {"dog"}), two), HasSubstr("have the same classes"));
  EXPECT_THAT(refused(labels_of({"a", "a.wav"}, {"dog", "rain"}), two),
              HasSubstr("are the same recording"));
  EXPECT_THAT(refused(labels_of({"a"}, {"dog"}), {}), HasSubstr("not among those embedded"));
  EXPECT_THAT(message_of(Fault::data,
                         [] {
                           TeachingSet set(labels_of({"a"}, {"dog"}), {});
                           set.begin(header_of(1, "m:1:2"), "x.h5");
                           set.begin(header_of(1, "m:2:2"), "y.h5");
                         }),
              HasSubstr("y.h5: other space"));
}

}  // namespace
}  // namespace claptools
