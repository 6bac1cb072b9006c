#include "claptools/store/ann_file.hpp"

#include <gtest/gtest.h>

#include "claptools/core/error.hpp"
#include "support/golden_h5.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::Golden;
using testing::GoldenFile;

/// Names, shapes and values that ann-benchmarks reads.
TEST(AnnFile, HasTheLayoutOfAnnBenchmarks) {
  const testing::TempDir folder;
  const std::string path = folder / "ann.h5";
  AnnFile file(path, 2, 3, false);
  Matrix vectors(4, 2);
  vectors.data = {1, 0, 0, 1, 0.6F, 0.8F, -1, 0};
  file.append_train(vectors.view().slice(0, 3));
  file.append_train(vectors.view().slice(3, 1));
  const std::vector<std::int64_t> ids{0, 2, 1};
  const std::vector<float> cosines{1, 0.625F, 0};
  file.append_test(vectors.view().slice(0, 1), ids, cosines);
  file.commit();
  const GoldenFile read(path);
  EXPECT_EQ(read.tensor("train").data, vectors.data);
  EXPECT_EQ(read.tensor("train").shape, (std::vector<std::size_t>{4, 2}));
  EXPECT_EQ(read.tensor("test").shape, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(read.tensor("neighbors").data, (std::vector<float>{0, 2, 1}));
  EXPECT_EQ(read.tensor("neighbors").shape, (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(read.tensor("distances").data, (std::vector<float>{0, 0.375F, 1}));
  EXPECT_THROW(AnnFile(path, 2, 3, false), Error);
}

}  // namespace
}  // namespace claptools
