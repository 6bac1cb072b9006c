#include "claptools/index/duplicates/near_pairs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>
#include <random>

#include "claptools/core/dot.hpp"
#include "claptools/core/error.hpp"
#include "index/random_vectors.hpp"

namespace claptools {
namespace {

using testing::TempFolder;
using testing::unit_rows;

/// Unit rows as models give them: most of a row lies along one direction, the rest varies less and
/// less; a tenth are copies of rows before them, exact or with noise.
Matrix rows_with_copies(std::size_t rows, std::size_t dim, double exponent, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal;
  Matrix m(rows, dim);
  for (std::size_t i = 0; i < rows; ++i) {
    const bool is_copy = i > 0 && engine() % 10 == 0;
    const float noise = engine() % 2 == 0 ? 0 : 0.1F / std::sqrt(static_cast<float>(dim));
    const auto original = m.row(engine() % std::max<std::size_t>(i, 1));
    double square = 0;
    for (std::size_t d = 0; d < dim; ++d) {
      const double deviation = std::pow(d + 1.0, -exponent / 2);
      const float own = static_cast<float>(deviation) * normal(engine) + (d == 1 ? 1.5F : 0);
      m.row(i)[d] = is_copy ? original[d] + noise * normal(engine) : own;
      square += double{m.row(i)[d]} * m.row(i)[d];
    }
    for (float& x : m.row(i)) x /= static_cast<float>(std::sqrt(square));
  }
  return m;
}

std::unique_ptr<Index> filled(const char* description, const Matrix& vectors) {
  auto index = make_index(description, vectors.cols);
  if (!index->is_trained()) index->train(vectors);
  index->add(vectors);
  return index;
}

/// Each row is of a recording of its own.
std::vector<std::uint32_t> apart(std::size_t rows) {
  std::vector<std::uint32_t> recordings(rows);
  std::iota(recordings.begin(), recordings.end(), 0u);
  return recordings;
}

/// All with all. Scores are those of multiply_transposed(), which tests/core compares with sums in
/// double: so that pairs at the very threshold, which there always are, can be compared, too.
std::vector<RowPair> brute_pairs(MatrixView rows, const std::vector<std::uint32_t>& recordings,
                                 double threshold) {
  std::vector<float> scores(rows.rows * rows.rows);
  multiply_transposed(rows, rows, scores);
  std::vector<RowPair> pairs;
  for (std::uint32_t a = 0; a < rows.rows; ++a) {
    for (std::uint32_t b = a + 1; b < rows.rows; ++b) {
      const float score = scores[a * rows.rows + b];
      if (score >= static_cast<float>(threshold - 5e-7) && recordings[a] != recordings[b])
        pairs.push_back({a, b, score});
    }
  }
  return pairs;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> rows_of(const std::vector<RowPair>& found) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const RowPair& pair : found) pairs.emplace_back(pair.first, pair.second);
  return pairs;
}

struct Case {
  const char* name;
  std::size_t rows, dim;
  double exponent;
};

class NearPairs : public ::testing::TestWithParam<Case> {};

TEST_P(NearPairs, EqualBruteForce) {
  const Case& data = GetParam();
  const Matrix rows = rows_with_copies(data.rows, data.dim, data.exponent, 1);
  const auto index = filled("Flat", rows);
  for (const double threshold : {0.9999, 0.99, 0.9, 0.6}) {
    PairOptions options;
    options.threshold = threshold;
    options.threads = 2;
    const auto found = find_near_pairs(*index, apart(rows.rows), options);
    EXPECT_TRUE(found == brute_pairs(rows, apart(rows.rows), threshold)) << threshold;
    options.threads = 1;
    EXPECT_TRUE(find_near_pairs(*index, apart(rows.rows), options) == found) << threshold;
  }
}

INSTANTIATE_TEST_SUITE_P(Data, NearPairs,
                         ::testing::Values(Case{"spread", 900, 61, 0},
                                           Case{"of_a_model", 1000, 70, 2},
                                           Case{"steep", 700, 300, 3},
                                           Case{"few_dimensions", 400, 3, 1},
                                           Case{"one_block", 96, 40, 1}, Case{"two_rows", 2, 5, 0}),
                         [](const auto& test) { return test.param.name; });

TEST(NearPairs, OfClustersEqualBruteForce) {
  const Matrix rows = unit_rows(800, 24, 5);
  PairOptions options;
  options.threshold = 0.75;
  const auto found = find_near_pairs(*filled("Flat", rows), apart(rows.rows), options);
  EXPECT_GT(found.size(), 100u);
  EXPECT_TRUE(found == brute_pairs(rows, apart(rows.rows), options.threshold));
}

TEST(NearPairs, AreOfDifferentRecordings) {
  const Matrix rows = rows_with_copies(300, 20, 1, 3);
  std::vector<std::uint32_t> recordings = apart(rows.rows);
  for (std::uint32_t& recording : recordings) recording %= 7;
  PairOptions options;
  options.threshold = 0.9;
  EXPECT_TRUE(find_near_pairs(*filled("Flat", rows), recordings, options) ==
              brute_pairs(rows, recordings, options.threshold));
}

TEST(NearPairs, OfEqualRowsAreAllOfThem) {
  Matrix rows(250, 16);
  for (std::size_t i = 0; i < rows.rows; ++i) rows.row(i)[i % 2] = 1;
  PairOptions options;
  options.threshold = 1;
  const auto found = find_near_pairs(*filled("Flat", rows), apart(rows.rows), options);
  EXPECT_EQ(found.size(), 2u * 125 * 124 / 2);
  for (const RowPair& pair : found) EXPECT_EQ(pair.score, 1);
}

TEST(NearPairs, OfMappedAndCompressedIndexes) {
  const Matrix rows = rows_with_copies(500, 32, 1, 4);
  const TempFolder folder;
  PairOptions options;
  const auto found = find_near_pairs(*filled("Flat", rows), apart(rows.rows), options);
  EXPECT_GT(found.size(), 20u);
  for (const char* type : {"Flat", "SQfp16", "IVF8,Flat", "PQ8x4"}) {
    filled(type, rows)->save(folder / "v.faiss");
    const auto index = open_index(folder / "v.faiss");
    const auto others = find_near_pairs(*index, apart(rows.rows), options);
    if (std::string(type) == "Flat" || std::string(type) == "IVF8,Flat") {
      EXPECT_EQ(rows_of(others), rows_of(found)) << type;
    }
    // Equal rows are stored alike by every type.
    for (const RowPair& pair : found) {
      const bool is_equal = std::ranges::equal(rows.row(pair.first), rows.row(pair.second));
      const bool is_found = std::ranges::any_of(others, [&](const RowPair& other) {
        return other.first == pair.first && other.second == pair.second;
      });
      EXPECT_TRUE(!is_equal || is_found) << type;
    }
  }
}

TEST(NearPairs, GiveUpAtTooMany) {
  const Matrix rows = rows_with_copies(300, 16, 1, 5);
  PairOptions options;
  options.threshold = -1;
  options.max_pairs = 1000;
  EXPECT_THROW(find_near_pairs(*filled("Flat", rows), apart(rows.rows), options), Error);
  options.max_pairs = 300 * 299 / 2;
  EXPECT_EQ(find_near_pairs(*filled("Flat", rows), apart(rows.rows), options).size(),
            options.max_pairs);
}

TEST(NearPairs, StopAndTellHowFarTheyAre) {
  const Matrix rows = rows_with_copies(1000, 16, 1, 6);
  const auto index = filled("Flat", rows);
  std::atomic<bool> stop = false;
  double share = 0;
  PairOptions options;
  options.progress = [&](double now) {
    EXPECT_GT(now, share);
    share = now;
  };
  find_near_pairs(*index, apart(rows.rows), options);
  EXPECT_DOUBLE_EQ(share, 1);
  options.stop = &stop;
  options.progress = [&](double) { stop = true; };
  options.threshold = -1;
  EXPECT_LT(find_near_pairs(*index, apart(rows.rows), options).size(), 1000u * 999 / 2);
}

TEST(NearPairs, OfFewRowsAreNone) {
  EXPECT_TRUE(find_near_pairs(*make_index("Flat", 8), {}, {}).empty());
  EXPECT_TRUE(find_near_pairs(*filled("Flat", unit_rows(1, 8, 1)), apart(1), {}).empty());
}

}  // namespace
}  // namespace claptools
