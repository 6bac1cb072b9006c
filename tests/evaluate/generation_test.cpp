#include "claptools/evaluate/generation/generation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "claptools/store/embedding_file.hpp"
#include "claptools/store/vector_space.hpp"
#include "evaluate/evaluation_check.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const std::string kModel = name_space("laion-clap", std::string(64, '1'), "48k");

/// A row of an embedding file.
struct Row {
  std::string id, caption;
  std::vector<float> vector;
};

/// Embedding files of 4 generated sounds, their 3 captions and 5 recordings.
class GenerationFiles {
 public:
  GenerationFiles() {
    audio_.sample_rate = 48000;
    audio_.window_s = 10;
    audio_.hop_s = 10;
    audio_.short_audio = "repeat";
    audio_.space = name_space(kModel, {10, "repeat", "mean", "fp32"});
    write("generated.h5", audio_, sounds_);
    EmbeddingHeader text;
    text.kind = "text";
    text.space = kModel;
    write("text.h5", text, {{"rain", "", {1, 0}}, {"a dog", "", {0, 1}}, {"wind", "", {1, 0}}});
    write("reference.h5", audio_, recordings_);
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  EmbeddingHeader audio_header() const { return audio_; }
  const std::vector<Row>& recordings() const { return recordings_; }

  void write(const std::string& name, EmbeddingHeader header, const std::vector<Row>& rows,
             const std::string& failed = "") const {
    header.dim = rows[0].vector.size();
    header.model_name = "small";
    if (header.model_sha256.empty()) header.model_sha256 = std::string(64, 'a');
    if (header.kind == "audio") header.meta_columns = {"caption"};
    EmbeddingWriter writer(path(name), header, true);
    for (const auto& [id, caption, vector] : rows) {
      const Segment segment{id, 0, header.kind == "audio" ? 10.0 : 0};
      std::vector<std::vector<std::string>> meta;
      if (header.kind == "audio") meta = {{caption}};
      writer.append({std::span(&segment, 1), {vector.data(), 1, header.dim}, meta, {}, {}});
    }
    if (!failed.empty()) writer.append_error({failed, "decode", "no audio stream"});
    writer.commit();
  }

  GenerationTask task() const {
    return {
        .audio = path("generated.h5"), .text = path("text.h5"), .reference = path("reference.h5")};
  }

 private:
  testing::TempDir folder_;
  EmbeddingHeader audio_;
  std::vector<Row> sounds_{{"1.wav", "rain", {0.6F, 0.8F}},
                           {"2.wav", "rain", {1, 0}},
                           {"3.wav", "a dog", {0.28F, 0.96F}},
                           {"4.wav", "a dog", {0.6F, -0.8F}}};
  std::vector<Row> recordings_{{"a", "", {1, 0}},
                               {"b", "", {0, 1}},
                               {"c", "", {0.6F, 0.8F}},
                               {"d", "", {0.8F, 0.6F}},
                               {"e", "", {0, -1}}};
};

// By the definition, in numpy: means (0.62, 0.24) and (0.48, 0.28).
constexpr double kDistance = 0.09765731620256868;

TEST(EvaluateGeneration, ScoresSoundsAgainstTheirCaptionsAndAReference) {
  const GenerationFiles files;
  const Evaluation found = evaluate(files.task());
  const auto totals = testing::totals(found.values);
  EXPECT_NEAR(totals.at("clap_score"), (0.6 + 1 + 0.96 - 0.8) / 4, 1e-7);
  EXPECT_EQ(totals.at("n_pairs"), 4);
  EXPECT_NEAR(totals.at("frechet_audio_distance"), kDistance, 1e-7);
  EXPECT_EQ(totals.at("n_reference"), 5);
  testing::expect_names(found, metric_names(files.task()));
  for (const auto& [name, value] : ReportRows{{"model_name", "small"},
                                              {"model_sha256", std::string(64, 'a')},
                                              {"window_s", "10"},
                                              {"pooling", "mean"},
                                              {"short_audio", "repeat"}})
    EXPECT_THAT(found.provenance, Contains(Pair(name, value)));
}

TEST(EvaluateGeneration, TakesCaptionsFromATruth) {
  const GenerationFiles files;
  GenerationTask task = files.task();
  task.reference.clear();
  task.truth = files.path("truth.csv");
  std::ofstream(task.truth) << "audio_id,caption\n1,rain\n2,wind\n3,a dog\n4,a dog\n4,rain\n";
  const auto totals = testing::totals(evaluate(task).values);
  EXPECT_NEAR(totals.at("clap_score"), (0.6 + 1 + 0.96 - 0.8 + 0.6) / 5, 1e-7);
  EXPECT_FALSE(totals.contains("frechet_audio_distance"));
}

TEST(EvaluateGeneration, GivesAnIntervalOfTheClapScoreAlone) {
  const GenerationFiles files;
  GenerationTask task = files.task();
  task.options.resamples = 200;
  const Evaluation found = evaluate(task);
  EXPECT_TRUE(testing::has_interval(found, "clap_score"));
  const auto totals = testing::totals(found.values);
  EXPECT_GE(totals.at("clap_score.ci_low"), -0.8);
  EXPECT_LE(totals.at("clap_score.ci_high"), 1);
  EXPECT_LT(totals.at("clap_score.ci_low"), totals.at("clap_score.ci_high"));
  EXPECT_FALSE(totals.contains("frechet_audio_distance.ci_low"));
}

TEST(EvaluateGeneration, CountsSoundsThatFailed) {
  const GenerationFiles files;
  files.write("generated.h5", files.audio_header(), {{"1.wav", "rain", {1, 0}}}, "2.wav");
  GenerationTask task = files.task();
  task.reference.clear();
  EXPECT_THAT(evaluate(task).missing, ElementsAre("2.wav"));
}

TEST(EvaluateGeneration, ComputesWhatIsAskedFor) {
  const GenerationFiles files;
  GenerationTask task = files.task();
  task.options.metrics = MetricSelection({"n_reference"});
  const auto totals = testing::totals(evaluate(task).values);
  EXPECT_FALSE(totals.contains("clap_score"));
  EXPECT_TRUE(totals.contains("frechet_audio_distance"));
}

TEST(EvaluateGeneration, WarnsOfFewRows) {
  const GenerationFiles files;
  GenerationTask task = files.task();
  task.text.clear();
  std::vector<std::string> warnings;
  task.options.log = [&](LogLevel, std::string_view text) { warnings.emplace_back(text); };
  evaluate(task);
  EXPECT_THAT(warnings, ElementsAre());
  files.write("reference.h5", files.audio_header(), {{"a", "", {1, 0}}, {"b", "", {0, 1}}});
  evaluate(task);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("reference.h5: 2 rows of 2 numbers: too few")));
}

/// What a reference of this header is refused with.
std::string refusal(const GenerationFiles& files, const EmbeddingHeader& header) {
  files.write("reference.h5", header, files.recordings());
  return testing::data_error([&] { evaluate(files.task()); });
}

TEST(EvaluateGeneration, RefusesOtherModelsWindowsAndPoolings) {
  const GenerationFiles files;
  EmbeddingHeader header = files.audio_header();
  header.model_sha256 = std::string(64, 'b');
  EXPECT_THAT(refusal(files, header), HasSubstr("reference.h5: was made with another model"));
  header = files.audio_header();
  header.space = name_space(kModel, {10, "repeat", "first", "fp32"});
  EXPECT_THAT(refusal(files, header), HasSubstr("reference.h5: other space: "));
  header.space = name_space(kModel, {5, "repeat", "mean", "fp32"});
  EXPECT_THAT(refusal(files, header), HasSubstr("reference.h5: other space: "));
  header.space.clear();
  header.window_s = 5;
  EXPECT_THAT(refusal(files, header),
              HasSubstr("reference.h5: has windows of 5 s, the generated sounds 10 s"));
}

TEST(EvaluateGeneration, NamesWhatCannotBe) {
  const GenerationFiles files;
  GenerationTask task{.audio = files.path("generated.h5")};
  EXPECT_THROW(evaluate(task), Error);
  task.reference = files.path("text.h5");
  EXPECT_THAT(testing::data_error([&] { evaluate(task); }), HasSubstr("text.h5: holds no audio"));
  task = files.task();
  task.text = files.path("reference.h5");
  EXPECT_THAT(testing::data_error([&] { evaluate(task); }),
              HasSubstr("reference.h5: holds no text"));
  files.write("generated.h5", files.audio_header(), {{"1.wav", "snow", {1, 0}}});
  EXPECT_THAT(testing::data_error([&] { evaluate(files.task()); }),
              HasSubstr("generated.h5: caption 'snow' of '1.wav' has no text embedding"));
}

}  // namespace
}  // namespace claptools
