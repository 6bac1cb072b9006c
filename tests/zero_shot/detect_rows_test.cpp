#include "claptools/zero_shot/detect_rows.hpp"

#include <gmock/gmock.h>

#include <tuple>

#include "claptools/core/error.hpp"
#include "claptools/zero_shot/event_truth.hpp"
#include "support/temp_dir.hpp"
#include "zero_shot/word_model.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::FieldsAre;
using ::testing::IsEmpty;
using testing::rows_of;
using testing::WordModel;

/// Recordings of windows of 1 s with four frames each, which are embeddings of texts.
class DetectRowsTest : public ::testing::Test {
 protected:
  DetectRowsTest() {
    header_.sample_rate = 1000;
    header_.window_s = header_.hop_s = 1;
    header_.frame_hop_s = 0.25;
    header_.short_audio = "zero";
    header_.meta_columns = {"city"};
    options_.median_window = 1;
  }

  void begin(bool whole_windows = false) {
    finder_.emplace(picker_, options_, whole_windows, [&](const RecordingEvents& recording) {
      found_.emplace_back(recording.frames.id,
                          std::vector<Event>(recording.events.begin(), recording.events.end()));
      ASSERT_EQ(recording.meta.size(), 1U);
      EXPECT_EQ(recording.meta[0], "city of " + recording.frames.id);
      note_miss(recording, options_, miss_);
    });
    finder_->begin(header_, "clips.h5");
  }

  void add(const std::string& id, double start_s, double end_s,
           const std::vector<std::string>& frames) {
    const std::vector<Segment> segments = {{id, start_s, end_s}};
    const Matrix matrix = rows_of(frames), clip(1, testing::kWords.size());
    const std::vector<std::vector<std::string>> meta = {{"city of " + id}};
    const std::vector<std::size_t> counts = {frames.size()};
    finder_->add({segments, clip, meta, matrix, counts});
  }

  EmbeddingHeader header_;
  DetectOptions options_;
  const LabelSet set_ = make_label_set({"dog", "rain"}, {"{}"}, 0.6);
  LabelPicker picker_{set_, embed_labels(set_.prompts, WordModel(), 1), {}};
  std::optional<EventFinder> finder_;
  std::vector<std::tuple<std::string, std::vector<Event>>> found_;
  NearMiss miss_;
};

TEST_F(DetectRowsTest, FindsEventsAcrossWindows) {
  begin();
  add("a.wav", 0, 1, {"car", "dog", "dog", "dog rain"});
  add("a.wav", 1, 2, {"dog", "car", "rain", "car"});
  EXPECT_THAT(found_, IsEmpty()) << "a window may follow";
  add("b.wav", 0, 0.5, {"car", "dog", "dog", "dog"});  // from 0.5 s on padding
  finder_->end();
  ASSERT_EQ(found_.size(), 2U);
  EXPECT_THAT(std::get<1>(found_[0]),
              ElementsAre(FieldsAre("dog", 0.25, 1.25, 1), FieldsAre("rain", 0.75, 1, ::testing::_),
                          FieldsAre("rain", 1.5, 1.75, 1)));
  EXPECT_EQ(std::get<0>(found_[1]), "b.wav");
  EXPECT_THAT(std::get<1>(found_[1]), ElementsAre(FieldsAre("dog", 0.25, 0.5, 1)));
  EXPECT_FALSE(miss_.highest());
}

TEST_F(DetectRowsTest, FramesOfTheFillingCountInWholeWindows) {
  begin(true);
  add("b.wav", 0, 0.5, {"car", "car", "car", "dog"});
  finder_->end();
  EXPECT_THAT(std::get<1>(found_.at(0)), IsEmpty()) << "events end with the recording";
  header_.short_audio = "stretch";
  try {
    finder_->begin(header_, "clips.h5");
    ADD_FAILURE() << "stretched audio was not filled";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::usage);
    EXPECT_EQ(error.subject(), "`whole_windows`");
  }
}

TEST_F(DetectRowsTest, ARecordingThatFailsIsForgotten) {
  begin();
  add("a.wav", 0, 1, {"dog", "dog", "dog", "dog"});
  finder_->drop("a.wav");
  add("b.wav", 0, 1, {"car", "car", "car", "car"});
  finder_->end();
  EXPECT_THAT(found_, ElementsAre(FieldsAre("b.wav", IsEmpty())));
}

TEST_F(DetectRowsTest, SaysHowNearItCame) {
  options_.min_duration_s = 0.5;  // does not matter to how near a score came
  begin();
  add("a.wav", 0, 1, {"car", "dog rain bell", "car", "car"});
  finder_->end();
  EXPECT_THAT(found_, ElementsAre(FieldsAre("a.wav", IsEmpty())));
  const auto highest = miss_.highest();
  ASSERT_TRUE(highest);
  EXPECT_FLOAT_EQ(highest->score, std::sqrt(1 / 3.0F));
  EXPECT_EQ(highest->id, "a.wav");
  EXPECT_EQ(highest->threshold, 0.6);
}

TEST(EventTruth, FindsARecordingByItsName) {
  const testing::TempDir folder;
  testing::write_bytes(folder / "truth.tsv",
                       "filename\tonset\toffset\tevent_label\n"
                       "a.wav\t1\t3\tdog\n"
                       "a.wav\t4\t5\train\n"
                       "quiet.wav\t\t\t\n");
  const EventTruth truth = EventTruth::read(folder / "truth.tsv");
  const auto of = [&](const std::string& id, double start_s, double end_s) {
    RecordingFrames recording;
    recording.id = id;
    recording.start_s = start_s;
    recording.end_s = end_s;
    return truth.of(recording);
  };
  EXPECT_THAT(*of("clips/a.wav", 0, 10),
              ElementsAre(FieldsAre("dog", 1, 3, 0), FieldsAre("rain", 4, 5, 0)));
  EXPECT_THAT(*of("a.wav", 2, 4), ElementsAre(FieldsAre("dog", 0, 1, 0))) << "cut, from its start";
  EXPECT_THAT(*of("quiet.wav", 0, 10), IsEmpty());
  EXPECT_FALSE(of("b.wav", 0, 10));
  EXPECT_FALSE(EventTruth::read("").of({}));
}

TEST_F(DetectRowsTest, EventsMayBeBoxes) {
  const testing::TempDir folder;
  const std::string file = (folder / "parameters.tsv").string();
  testing::write_bytes(file,
                       "label\tstep_filter_length\tmerge_threshold_abs\tmerge_threshold_rel\n"
                       "dog\t0.25\tinf\tinf\n");
  LabelSet boxed = set_;
  take_boxes(file, {0.25, 0.1, 2}, boxed);
  boxed.thresholds.assign(2, 0.4);
  EXPECT_EQ(boxed.boxes[1], (CsebbsParameters{0.25, 0.1, 2}));
  LabelPicker picker(boxed, embed_labels(boxed.prompts, WordModel(), 1), {});
  std::vector<Event> events;
  EventFinder finder(picker, options_, false, [&](const RecordingEvents& recording) {
    events.assign(recording.events.begin(), recording.events.end());
    EXPECT_EQ(recording.labels.boxes, boxed.boxes);
  });
  finder.begin(header_, "clips.h5");
  const std::vector<Segment> segments = {{"a", 0, 1}};
  const std::vector<std::string> sounds = {"rain", "dog", "rain", "dog"};
  const Matrix frames = rows_of(sounds);
  const Matrix clip(1, testing::kWords.size());
  const std::vector<std::vector<std::string>> meta = {{"city"}};
  const std::vector<std::size_t> counts = {sounds.size()};
  finder.add({segments, clip, meta, frames, counts});
  finder.end();
  // The file's thresholds merge all of the dogs, from silence on; the others keep the rains apart.
  EXPECT_THAT(events, ElementsAre(FieldsAre("rain", 0, 0.25, ::testing::_),
                                  FieldsAre("dog", 0, 1, ::testing::FloatNear(0.5F, 1e-3F)),
                                  FieldsAre("rain", 0.5, 0.75, ::testing::_)));
}

}  // namespace
}  // namespace claptools
