// Validation with a model that hears and reads numbers: everything about the number n is the unit
// vector of dimension n.
#include "claptools/train/validation.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include "claptools/core/error.hpp"
#include "dataset/clips.hpp"

namespace claptools {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class NumberModel : public Model {
 public:
  NumberModel() {
    spec_.dim = 10;
    spec_.audio = {1000, 0.1, 100, 1, 0, {}};
  }
  const ModelSpec& spec() const override { return spec_; }
  std::string device() const override { return "cpu"; }
  AudioEmbeddings embed_audio(std::span<const std::span<const float>> clips,
                              const AudioOutputs&) const override {
    AudioEmbeddings out{unit_rows(clips.size()), {}, {}};
    for (std::size_t i = 0; i < clips.size(); ++i) {
      EXPECT_EQ(clips[i].size(), 100U) << "a window";
      out.clips.row(i)[static_cast<std::size_t>(clips[i][0])] = 1;
    }
    return out;
  }
  Matrix embed_texts(std::span<const std::string> texts) const override {
    Matrix out = unit_rows(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
      out.row(
          i)[static_cast<std::size_t>(texts[i].at(texts[i].find_first_of("0123456789")) - '0')] = 1;
    return out;
  }

 private:
  static Matrix unit_rows(std::size_t rows) { return {rows, 10}; }
  ModelSpec spec_;
};

class ValidationTest : public ::testing::Test {
 protected:
  /// A clip that sounds like `heard` and is captioned and labelled as `said`.
  void add(int heard, int said, std::size_t samples = 250) {
    const std::string id = "clip" + std::to_string(set_.items.size());
    const auto path = dir_ / (id + ".wav");
    testing::write_bytes(
        path, testing::wav_at_1khz(std::vector<float>(samples, static_cast<float>(heard))));
    const std::string number = std::to_string(said);
    ManifestItem item;
    item.audio.path = path.native();
    item.id = id;
    item.captions = {"sound " + number};
    item.label = number;
    set_.items.push_back(std::move(item));
  }
  void label(const std::string& lines) {
    std::istringstream in(lines);
    set_.labels = Labels::read(in, "labels.txt");
    set_.patterns = {"{} can be heard"};
  }
  std::map<std::string, double> run() {
    std::map<std::string, double> totals;
    const Log log = [this](LogLevel, std::string_view text) { warnings_.emplace_back(text); };
    for (const MetricValue& m : validate(model_, set_, 2, log))
      if (m.class_name.empty()) totals[m.metric] = m.value;
    return totals;
  }

  testing::TempDir dir_;
  NumberModel model_;
  ValidationSet set_;
  std::vector<std::string> warnings_;
};

TEST_F(ValidationTest, ScoresRetrievalBothWays) {
  for (int i = 0; i < 4; ++i) add(i, i, i == 3 ? 40 : 250);  // one shorter than the window
  const auto totals = run();
  EXPECT_EQ(totals.at("t2a.r1"), 100);
  EXPECT_EQ(totals.at("a2t.r1"), 100);
  EXPECT_FALSE(totals.contains("top1"));
}

TEST_F(ValidationTest, ScoresZeroShotClassification) {
  for (int i = 0; i < 3; ++i) add(i, i);
  add(0, 1);  // a mistake
  label("0\n1\n2\n");
  const auto totals = run();
  EXPECT_EQ(totals.at("top1"), 0.75);
  EXPECT_NEAR(totals.at("mean_class_accuracy"), 2.5 / 3, 1e-12);
}

TEST_F(ValidationTest, NamesItsMetricsBeforehand) {
  add(1, 1);
  EXPECT_THAT(validation_metrics(set_), Contains("t2a.r1"));
  EXPECT_THAT(validation_metrics(set_), Not(Contains("top1")));
  label("0\n1\n");
  const auto names = validation_metrics(set_);
  EXPECT_THAT(names, Contains("top1"));
  const auto totals = run();
  EXPECT_EQ(std::set(names.begin(), names.end()).size(), totals.size());
  for (const std::string& name : names) EXPECT_TRUE(totals.contains(name)) << name;
}

TEST_F(ValidationTest, RefusesALabelThatIsNone) {
  add(1, 1);
  add(7, 7);
  label("0\n1\n");
  try {
    validation_metrics(set_);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::data);
    EXPECT_STREQ(error.what(), "clip1: '7' is not one of the labels");
  }
}

TEST_F(ValidationTest, LeavesOutWhatCannotBeRead) {
  for (int i = 0; i < 3; ++i) add(i, i);
  std::filesystem::remove(dir_ / "clip1.wav");
  label("0\n1\n2\n");
  const auto totals = run();
  EXPECT_EQ(totals.at("n_audio"), 2);
  EXPECT_EQ(totals.at("t2a.r1"), 100);
  EXPECT_EQ(totals.at("top1"), 1);
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("clip1.wav")));
  for (const char* name : {"clip0.wav", "clip2.wav"}) std::filesystem::remove(dir_ / name);
  EXPECT_THROW(run(), Error);
}

}  // namespace
}  // namespace claptools
