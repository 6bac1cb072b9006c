#include "claptools/learn/teach.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "claptools/core/random.hpp"
#include "claptools/learn/classifier.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TempDir;

constexpr std::size_t kDim = 6;

/// Unit rows near an axis for each class, `each` recordings per class with two rows each.
TeachingData made_data(std::size_t classes, std::size_t each, double noise = 0.3) {
  TeachingData data;
  data.header.dim = kDim;
  data.header.model_sha256 = "ab";
  data.rows.cols = kDim;
  Random random(16);
  for (std::size_t c = 0; c < classes; ++c) data.classes.push_back("class " + std::to_string(c));
  for (std::size_t i = 0; i < classes * each; ++i) {
    const auto c = static_cast<std::uint32_t>(i % classes);
    data.recording_classes.push_back({c});
    for (int window = 0; window < 2; ++window) {
      std::vector<double> row(kDim);
      double square = 0;
      for (std::size_t d = 0; d < kDim; ++d) {
        row[d] = (d == c) + noise * random.normal();
        square += row[d] * row[d];
      }
      for (const double x : row)
        data.rows.data.push_back(static_cast<float>(x / std::sqrt(square)));
      data.row_recordings.push_back(i);
      data.row_classes.push_back({c});
      ++data.rows.rows;
    }
  }
  return data;
}

TEST(Teach, LearnsClassesAndTellsHowWell) {
  const TeachingData data = made_data(3, 20);
  const Teaching teaching = teach(data, {});
  EXPECT_TRUE(teaching.file.is_logistic());
  EXPECT_EQ(teaching.folds, 5U);
  EXPECT_GT(teaching.file.accuracy.value(), 0.9);
  EXPECT_LE(teaching.file.accuracy.value(), 1);
  EXPECT_THAT(teaching.file.examples, ElementsAre(20, 20, 20));
  EXPECT_EQ(teaching.per_class.size(), 3U);
  const Matrix found = Classifier(teaching.file).probabilities(data.rows);
  std::size_t right = 0;
  for (std::size_t i = 0; i < found.rows; ++i) {
    const auto row = found.row(i);
    EXPECT_NEAR(row[0] + row[1] + row[2], 1, 1e-5);
    right += std::ranges::max_element(row) - row.begin() == data.row_classes[i][0];
  }
  EXPECT_GT(right, 110U);
}

TEST(Teach, TakesTheStrengthThatIsGiven) {
  EXPECT_EQ(teach(made_data(3, 6), {.c = 3.5}).file.c, 3.5);
}

TEST(Teach, IsTheSameWithAnyNumberOfThreads) {
  const TeachingData data = made_data(3, 12);
  const Teaching one = teach(data, {}), three = teach(data, {.threads = 3});
  EXPECT_EQ(one.file.weights.data, three.file.weights.data);
  EXPECT_EQ(one.file.c, three.file.c);
}

/// Windows of one recording do not tell of each other: noise per recording cannot be learned.
TEST(Teach, HoldsWholeRecordingsOut) {
  TeachingData data = made_data(2, 30, 0.3);
  Random random(5);
  for (std::size_t r = 0; r < data.rows.rows; r += 2) {
    double square = 0;
    std::vector<double> row(kDim);
    for (double& x : row) {
      x = random.normal();
      square += x * x;
    }
    for (std::size_t d = 0; d < kDim; ++d)
      data.rows.row(r)[d] = data.rows.row(r + 1)[d] =
          static_cast<float>(row[d] / std::sqrt(square));
  }
  EXPECT_LT(teach(data, {}).file.accuracy.value(), 0.75);
  EXPECT_LT(teach(data, {.method = TeachMethod::nearest}).file.accuracy.value(), 0.75);
}

TEST(Teach, AsksNeighboursWhereRecordingsAreFew) {
  const Teaching few = teach(made_data(3, 3), {});
  EXPECT_FALSE(few.file.is_logistic());
  EXPECT_GT(few.file.accuracy.value(), 0.8);
  EXPECT_TRUE(teach(made_data(3, 5), {}).file.is_logistic());
  EXPECT_TRUE(teach(made_data(3, 3), {.method = TeachMethod::logistic}).file.is_logistic());
  EXPECT_EQ(
      teach(made_data(3, 9), {.method = TeachMethod::nearest, .neighbours = 7}).file.neighbours,
      7U);
}

TEST(Teach, SingleRecordingsCannotBeTested) {
  const Teaching teaching = teach(made_data(3, 1), {});
  EXPECT_FALSE(teaching.file.is_logistic());
  EXPECT_FALSE(teaching.file.accuracy);
  EXPECT_EQ(teaching.file.neighbours, 1U);
}

TEST(Teach, UsesTheFoldsOfTheData) {
  TeachingData data = made_data(2, 10);
  for (std::size_t i = 0; i < 20; ++i) data.recording_folds.push_back(i < 10 ? "one" : "two");
  EXPECT_EQ(teach(data, {}).folds, 2U);
}

TEST(Teach, LearnsClassesThatComeTogether) {
  TeachingData data = made_data(3, 15);
  data.choice = ClassChoice::any;
  for (std::size_t i = 0; i < 9; ++i) data.recording_classes[i].clear();
  for (std::size_t r = 0; r < data.rows.rows; ++r)
    data.row_classes[r] = data.recording_classes[data.row_recordings[r]];
  const Teaching teaching = teach(data, {});
  EXPECT_FALSE(teaching.file.exclusive);
  EXPECT_GT(teaching.file.class_accuracy.value(), 0.5);
}

TEST(Teach, StopsWhenAsked) {
  const std::atomic<bool> stop = true;
  EXPECT_TRUE(teach(made_data(3, 10), {.stop = &stop}).interrupted);
}

TEST(ClassifierFile, KeepsEverything) {
  const TempDir folder;
  const std::string path = (folder / "x.clapclass").native();
  for (const TeachMethod method : {TeachMethod::logistic, TeachMethod::nearest}) {
    Teaching teaching = teach(made_data(3, 8), {.method = method});
    teaching.file.header.space = "m:1:2";
    write_classifier(path, teaching.file, true);
    const std::string bytes = testing::read_bytes(path);
    write_classifier(path, teaching.file, true);
    EXPECT_EQ(bytes, testing::read_bytes(path));
    const ClassifierFile read = read_classifier(path);
    EXPECT_EQ(read.classes, teaching.file.classes);
    EXPECT_EQ(read.header.space, "m:1:2");
    EXPECT_EQ(read.weights.data, teaching.file.weights.data);
    EXPECT_EQ(read.bias, teaching.file.bias);
    EXPECT_EQ(read.c, teaching.file.c);
    EXPECT_EQ(read.accuracy, teaching.file.accuracy);
    EXPECT_EQ(read.examples, teaching.file.examples);
    EXPECT_EQ(read.neighbours, teaching.file.neighbours);
    EXPECT_EQ(read.row_classes, teaching.file.row_classes);
    EXPECT_EQ(read.rows.rows, teaching.file.rows.rows);
  }
}

TEST(ClassifierFile, RefusesOtherFiles) {
  const TempDir folder;
  testing::write_bytes(folder / "x.clapclass", "no HDF5");
  EXPECT_THAT(
      testing::message_of(Fault::data, [&] { read_classifier((folder / "x.clapclass").native()); }),
      HasSubstr("not an HDF5 file"));
  testing::message_of(Fault::no_input, [&] { read_classifier((folder / "y").native()); });
}

/// What a stranger's file may hold though its shapes fit.
TEST(ClassifierFile, RefusesWhatHasNoMeaning) {
  const TempDir folder;
  const std::string path = (folder / "x.clapclass").native();
  const ClassifierFile logistic = teach(made_data(3, 8), {}).file;
  const ClassifierFile nearest = teach(made_data(3, 2), {}).file;
  const auto refused = [&](ClassifierFile file, const auto& spoil) {
    spoil(file);
    write_classifier(path, file, true);
    return testing::message_of(Fault::data, [&] { read_classifier(path); });
  };
  const double nan = std::nan("");
  EXPECT_THAT(refused(logistic, [&](auto& file) { file.weights.data[4] = nan; }),
              HasSubstr("'weights' has a value that is not finite"));
  EXPECT_THAT(refused(logistic, [&](auto& file) { file.bias[1] = nan; }), HasSubstr("'bias'"));
  EXPECT_THAT(refused(logistic, [](auto& file) { file.bias[1] = 1e300; }), HasSubstr("float32"));
  EXPECT_THAT(refused(logistic, [](auto& file) { file.c = -1; }), HasSubstr("'C'"));
  EXPECT_THAT(refused(logistic, [](auto& file) { file.accuracy = 2; }), HasSubstr("cv_accuracy"));
  EXPECT_THAT(refused(logistic, [](auto& file) { file.classes[1] = file.classes[0]; }),
              HasSubstr("duplicate class"));
  EXPECT_THAT(refused(logistic, [](auto& file) { file.bias.pop_back(); }), HasSubstr("'bias'"));
  EXPECT_THAT(refused(nearest, [](auto& file) { file.row_classes[0] = {3}; }),
              HasSubstr("'row_classes'"));
  EXPECT_THAT(refused(nearest,
                      [](auto& file) {
                        file.row_classes[0] = {0, 1};
                      }),
              HasSubstr("'row_classes'"));
  EXPECT_THAT(refused(nearest, [](auto& file) { file.neighbours = 0; }), HasSubstr("'neighbours'"));
  EXPECT_THAT(refused(nearest, [](auto& file) { file.rows.data[0] = std::nanf(""); }),
              HasSubstr("row 0"));
}

}  // namespace
}  // namespace claptools
