#include "claptools/metrics/tagging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using testing::data_error;
using Strings = std::vector<std::string>;

void expect_number(double found, const json& expected, const std::string& where) {
  if (expected.is_string()) {
    EXPECT_EQ(found, std::stod(expected.get<std::string>())) << where;
  } else {
    EXPECT_NEAR(found, expected.get<double>(), testing::kTolerance) << where;
  }
}

/// Every key of the file is looked at, and every value found has its key.
void expect_equal(const TaggingScores& scores, std::size_t clips, const Strings& classes,
                  const json& expected) {
  std::map<std::string, std::map<std::string, double>> found;
  for (const auto& v : to_metrics(scores, classes)) found[v.metric][v.class_name] = v.value;
  for (const auto& [key, value] : expected.items()) {
    if (key == "n_clips") {
      EXPECT_EQ(clips, value.get<std::size_t>());
    } else if (key == "n_classes") {
      EXPECT_EQ(classes.size(), value.get<std::size_t>());
    } else if (value.is_array()) {
      const auto& defined = found.at(key == "classes_skipped_in_map"   ? "per_class_ap"
                                     : key == "classes_skipped_in_auc" ? "per_class_auc"
                                                                       : key);
      EXPECT_EQ(defined.size() + value.size(), classes.size()) << key;
      for (const std::string name : value) EXPECT_EQ(defined.count(name), 0u) << key << name;
    } else if (value.is_object()) {
      EXPECT_EQ(found.at(key).size(), value.size()) << key;
      for (const auto& [name, number] : value.items()) {
        expect_number(found.at(key).at(name), number, key + " " + name);
      }
    } else {
      expect_number(found.at(key).at(""), value, key);
    }
  }
  for (const auto& [metric, values] : found) EXPECT_TRUE(expected.contains(metric)) << metric;
}

std::size_t expect_cases(const std::string& folder) {
  std::size_t cases = 0;
  for (const auto& name : testing::subfolders(folder)) {
    SCOPED_TRACE(name);
    const std::string at = folder + name + "/";
    const testing::GoldenFile file(at + "scores.h5");
    const Strings classes = file.strings("classes");
    const Matrix scores = testing::read_matrix(at + "scores.h5", "scores");
    const Strings ids = file.strings("clip_ids");
    ClipMatcher clips(ids);
    const auto truth = match_tags(read_table_file(at + "tags.tsv"), "tags.tsv", clips, classes);
    expect_equal(score_tagging(scores, truth), scores.rows, classes,
                 testing::read_json(at + "expected.json"));
    ++cases;
  }
  return cases;
}

TEST(Tagging, TiesAndUndefinedClassesAgree) {
  EXPECT_EQ(expect_cases(std::string(CLAPTOOLS_TEST_DATA) + "/metrics/tag/"), 2u);
}

TEST(Tagging, GoldensAgree) {
  const std::string folder = testing::golden_folder("tag");
  if (folder.empty()) GTEST_SKIP() << "no metric goldens";
  EXPECT_GE(expect_cases(folder), 3u);
}

TEST(Tagging, OneClipHasNoAuc) {
  Matrix scores(1, 2);
  const TaggingScores result = score_tagging(scores, {{1}});
  EXPECT_EQ(result.macro_map, 1);
  EXPECT_EQ(result.micro_map, 0.5);
  EXPECT_TRUE(std::isnan(result.mauc));
  EXPECT_TRUE(std::isnan(result.dprime_of_mauc));
  EXPECT_TRUE(std::isnan(result.mean_of_class_dprimes));
}

/// Counted by hand: the class of four clips is found best above 0.25, the other nowhere.
TEST(Tagging, BestThresholdsOfF) {
  Matrix scores(4, 2);
  scores.data = {0.9F, 0.1F, 0.2F, 0.1F, 0.3F, 0.1F, 0.2F, 0.1F};
  const auto best = best_tag_f_scores(scores, {{0}, {}, {0}, {0}});
  ASSERT_EQ(best.size(), 2U);
  EXPECT_NEAR(best[0].f, 6 / 7.0, 1e-12) << "three of three and one too many, or two of three";
  EXPECT_EQ(best[0].threshold, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(best[1].f, 0);
  EXPECT_EQ(best[1].threshold, std::numeric_limits<double>::infinity());
  const auto other = best_tag_f_scores(scores, {{0}, {}, {0}, {}});
  EXPECT_NEAR(other[0].threshold, 0.25, 1e-7);
  EXPECT_EQ(other[0].f, 1);
  EXPECT_THROW(best_tag_f_scores(Matrix(0, 2), {}), Error);
}

/// The normal distribution's quantiles: scipy.stats.norm.ppf times sqrt(2).
TEST(Tagging, DprimeReachesBothTails) {
  Matrix scores(4, 1);
  scores.data = {0.1F, 0.2F, 0.3F, 0.4F};
  EXPECT_EQ(*score_tagging(scores, {{}, {}, {}, {0}}).per_class[0].dprime,
            std::numeric_limits<double>::infinity());
  EXPECT_EQ(*score_tagging(scores, {{0}, {}, {}, {}}).per_class[0].dprime,
            -std::numeric_limits<double>::infinity());
  EXPECT_NEAR(*score_tagging(scores, {{}, {0}, {0}, {}}).per_class[0].dprime, 0, 1e-12);
  EXPECT_NEAR(*score_tagging(scores, {{}, {0}, {}, {0}}).per_class[0].dprime, 0.953872552415, 1e-9);
}

TEST(BadTagging, TagsAreNamed) {
  const Strings ids{"c0", "c1"};
  const Strings classes{"x", "y"};
  const auto match = [&](const std::string& rows) {
    std::istringstream in("filename\tevent_labels\n" + rows);
    const Table table = read_table(in, "tags.tsv", Delimiter::tab);
    return data_error([&] {
      ClipMatcher clips(ids);
      match_tags(table, "tags.tsv", clips, classes);
    });
  };
  EXPECT_EQ(match("c1.wav\tx,y\nc0\t\n"), "no error");
  EXPECT_EQ(match("c0\tx\n"), "tags.tsv: no row for clip 'c1'");
  EXPECT_EQ(match("c0\tw\n"), "tags.tsv: class 'w' is not among those scored, such as 'x'");
  EXPECT_EQ(match("c0\tx,,y\n"), "tags.tsv: class '' is not among those scored, such as 'x'");
  EXPECT_EQ(match("c0\tx,x\n"), "tags.tsv: clip 'c0' has a tag twice");
  EXPECT_EQ(match("c0\tx\nc0.wav\ty\n"), "tags.tsv: clip 'c0.wav' occurs twice");
  EXPECT_EQ(match("c9\tx\n"), "tags.tsv: clip 'c9' is not among those scored, such as 'c0'");
}

TEST(BadTagging, ScoresAreChecked) {
  const auto score = [](const Matrix& m, const TaggingTruth& truth) {
    return data_error([&] { score_tagging(m, truth); });
  };
  Matrix scores(2, 2);
  EXPECT_EQ(score(scores, {{0}, {1}}), "no error");
  EXPECT_EQ(score(scores, {{0}}), "tags: 1 rows for 2 clips");
  EXPECT_EQ(score(scores, {{0}, {2}}), "tags: class 2 does not exist");
  EXPECT_EQ(score(scores, {{}, {}}), "tags: no clip has one");
  EXPECT_EQ(score(Matrix(0, 2), {}), "scores: no clip");
  scores.row(1)[0] = std::numeric_limits<float>::infinity();
  EXPECT_EQ(score(scores, {{0}, {1}}), "scores: row 1 is not finite");
}

struct RandomTags {
  RandomTags() : scores(kClips, kClasses), truth(kClips) {
    std::mt19937 random(5);
    for (float& s : scores.data) s = static_cast<float>(random() % 9);  // many alike
    for (auto& tags : truth) {
      for (std::size_t c = 1; c < kClasses; ++c) {
        if (random() % 8 < c % 7) tags.push_back(c);
      }
    }
  }
  static constexpr std::size_t kClips = 60, kClasses = 37;  // more than two blocks of columns
  Matrix scores;
  TaggingTruth truth;
};

void expect_same(const TaggingScores& a, const TaggingScores& b) {
  const Strings classes(a.per_class.size(), "x");
  const auto left = to_metrics(a, classes);
  const auto right = to_metrics(b, classes);
  ASSERT_EQ(left.size(), right.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (std::isnan(left[i].value) && std::isnan(right[i].value)) continue;
    EXPECT_DOUBLE_EQ(left[i].value, right[i].value) << left[i].metric;
  }
}

/// A resample is scored as the rows drawn would be.
TEST(Tagging, ResamplesAreThoseRows) {
  const RandomTags tags;
  const TaggingResampler resample(tags.scores, tags.truth, {.threads = 3});
  std::mt19937 random(6);
  for (int trial = 0; trial < 20; ++trial) {
    Matrix rows(RandomTags::kClips, RandomTags::kClasses);
    TaggingTruth truth;
    std::vector<std::size_t> drawn;
    for (std::size_t i = 0; i < RandomTags::kClips; ++i) {
      drawn.push_back(random() % (trial < 10 ? RandomTags::kClips : 3));
      std::ranges::copy(tags.scores.view().row(drawn.back()), rows.row(i).begin());
      truth.push_back(tags.truth[drawn.back()]);
    }
    expect_same(resample(drawn), score_tagging(rows, truth));
  }
}

TEST(Tagging, ThreadsAndPartsChangeNothing) {
  const RandomTags tags;
  const TaggingScores all = score_tagging(tags.scores, tags.truth);
  expect_same(all, score_tagging(tags.scores, tags.truth, {.threads = 4}));
  const TaggingScores by_class = score_tagging(tags.scores, tags.truth, {.pooled = false});
  EXPECT_EQ(by_class.macro_map, all.macro_map);
  EXPECT_TRUE(std::isnan(by_class.micro_map));
  const TaggingScores pooled = score_tagging(tags.scores, tags.truth, {.by_class = false});
  EXPECT_EQ(pooled.micro_map, all.micro_map);
  EXPECT_TRUE(std::isnan(pooled.macro_map));
}

}  // namespace
}  // namespace claptools
