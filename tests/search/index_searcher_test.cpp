// A search by text, by sound and by embeddings, with a model of words and a small index.
#include "claptools/search/index_searcher.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>

#include "claptools/core/error.hpp"
#include "claptools/index/build_index.hpp"
#include "pipeline/recordings.hpp"
#include "support/errors.hpp"
#include "zero_shot/word_model.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::FieldsAre;
using ::testing::FloatEq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::rows_of;

/// Hears the word whose number the first sample is.
class HearingModel : public testing::WordModel {
 public:
  AudioEmbeddings embed_audio(std::span<const std::span<const float>> clips,
                              const AudioOutputs&) const override {
    AudioEmbeddings heard;
    heard.clips = Matrix(clips.size(), testing::kWords.size());
    for (std::size_t i = 0; i < clips.size(); ++i)
      heard.clips.row(i)[static_cast<std::size_t>(clips[i][0])] = 1;
    heard.affinities = heard.clips;
    return heard;
  }
};

class IndexSearcherTest : public ::testing::Test {
 protected:
  IndexSearcherTest() {
    opened_.model = std::make_unique<HearingModel>();
    opened_.sha256 = "00ff";
  }

  /// An embedding file whose rows are those of texts.
  std::string file(const std::string& name, const std::vector<std::string>& texts,
                   const std::string& sha256 = "00ff") {
    EmbeddingHeader header;
    header.dim = testing::kWords.size();
    header.model_name = "words";
    header.model_sha256 = sha256;
    header.created = "2026-01-31T12:00:00Z";
    header.sample_rate = 1000;
    header.window_s = header.hop_s = 1;
    header.short_audio = "zero";
    EmbeddingWriter writer(folder_ / name, header, false);
    std::vector<Segment> segments;
    for (const std::string& text : texts) segments.push_back({text + ".wav", 0, 1});
    const Matrix rows = rows_of(texts);
    writer.append({segments, rows, {}, {}, {}});
    writer.commit();
    return folder_ / name;
  }

  std::string index(const std::string& name, const std::string& file) {
    IndexDirectory directory = build_index(std::array{file}, {}, {});
    write_index_directory(folder_ / name, *directory.index, directory.rows, false);
    return folder_ / name;
  }

  testing::TempDir folder_;
  OpenedModel opened_;
};

TEST_F(IndexSearcherTest, FindsByTextInOneCall) {
  const std::vector<std::string> indexes = {
      index("a.clapindex", file("a.h5", {"dog", "rain", "dog in rain"})),
      file("b.h5", {"bell", "dog and bell"})};
  SearchOptions options;
  options.hits.k = 2;
  const std::vector<std::string> texts = {"a dog", "rain"};
  const auto found = search_texts(opened_, indexes, texts, options);
  const float half = std::sqrt(0.5F);
  EXPECT_THAT(found, ElementsAre(ElementsAre(FieldsAre("dog.wav", 0, 1, 1),
                                             FieldsAre("dog in rain.wav", 0, 1, FloatEq(half))),
                                 ElementsAre(FieldsAre("rain.wav", 0, 1, 1),
                                             FieldsAre("dog in rain.wav", 0, 1, FloatEq(half)))));
  options.hits.min_score = 0.9;
  EXPECT_THAT(search_texts(opened_, indexes, std::vector<std::string>{"car"}, options),
              ElementsAre(IsEmpty()));
  EXPECT_THAT(search_texts(opened_, indexes, {}, options), IsEmpty());
}

TEST_F(IndexSearcherTest, AsksForTheModelOfTheIndex) {
  const std::vector<std::string> indexes = {file("a.h5", {"dog"}, "11ee")};
  EXPECT_EQ(
      testing::message_of(Fault::data,
                          [&] { search_texts(opened_, indexes, std::vector<std::string>{"dog"}); }),
      indexes[0] + ": was made with model 'words' (11ee), not with 'words' (00ff)");
}

TEST_F(IndexSearcherTest, LooksAtSomeRowsAlone) {
  const std::vector<std::string> indexes = {file("a.h5", {"dog", "rain", "dog", "bell"})};
  IndexSearcher searcher(indexes, {});
  searcher.restrict_to({1, 2});
  const auto hits = searcher.by_texts(*opened_.model, std::vector<std::string>{"dog"});
  ASSERT_EQ(hits.size(), 1U);
  ASSERT_EQ(hits[0].size(), 2U);
  EXPECT_EQ(hits[0][0].row, 2U);
  EXPECT_EQ(searcher.rows().segments[2].id, "dog.wav");
}

TEST_F(IndexSearcherTest, FindsByManyTexts) {
  const std::vector<std::string> indexes = {file("a.h5", {"dog", "rain"})};
  SearchOptions options;
  options.hits.k = 1;
  options.threads = 2;
  const IndexSearcher searcher(indexes, options);
  std::vector<std::string> texts;  // more than are searched at a time
  for (int i = 0; i < 1200; ++i)
    texts.push_back((i % 3 == 0 ? "dog " : "rain ") + std::to_string(i));
  const auto hits = searcher.by_texts(*opened_.model, texts);
  ASSERT_EQ(hits.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(hits[i].at(0).row, i % 3 == 0 ? 0 : 1);
}

TEST_F(IndexSearcherTest, FindsByRecordings) {
  const std::vector<std::string> indexes = {file("a.h5", {"dog", "rain", "bell"})};
  const std::string bell = folder_ / "heard.wav";
  testing::write_bytes(
      bell, testing::wav({3, 1, 1000, 32}, testing::float_bytes(std::vector<float>(1000, 2.0F))));
  const std::string none = folder_ / "none.wav";
  const std::vector<AudioInput> recordings = {{bell, {bell}, {}}, {none, {none}, {}}};
  SearchOptions options;
  options.hits.k = 1;
  std::vector<std::string> answers, failed;
  const IndexSearcher searcher(indexes, options);
  const std::atomic<bool> stop = false;
  const RecordingAnswers sink{
      [&](const std::string& query, std::span<const Hit> hits) {
        ASSERT_EQ(hits.size(), 1U);
        answers.push_back(query + " " + searcher.rows().segments[hits[0].row].id);
      },
      [&](const InputError& error) { failed.push_back(error.id); }};
  EXPECT_EQ(searcher.by_recordings(*opened_.model, recordings, sink, stop), 1U);
  EXPECT_THAT(answers, ElementsAre(bell + " bell.wav"));
  EXPECT_THAT(failed, ElementsAre(none));
}

TEST_F(IndexSearcherTest, FindsByEmbeddings) {
  const std::vector<std::string> indexes = {file("a.h5", {"dog", "rain", "bell"})};
  SearchOptions options;
  options.hits.k = 1;
  const IndexSearcher searcher(indexes, options);
  std::vector<std::string> answers;
  const AnswerSink sink = [&](const std::string& query, std::span<const Hit> hits) {
    answers.push_back(query + " " + searcher.rows().segments[hits[0].row].id);
  };
  searcher.by_embeddings(file("q.h5", {"bell rings", "rain"}), sink);
  EXPECT_THAT(answers, ElementsAre("bell rings.wav bell.wav", "rain.wav rain.wav"));
  const std::string other = file("other.h5", {"dog"}, "11ee");
  EXPECT_THAT(testing::message_of(Fault::data, [&] { searcher.by_embeddings(other, sink); }),
              HasSubstr("was made with model 'words' (11ee), the index with 'words' (00ff)"));
}

}  // namespace
}  // namespace claptools
