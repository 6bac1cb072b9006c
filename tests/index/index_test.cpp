#include "claptools/index/index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "claptools/core/error.hpp"
#include "index/random_vectors.hpp"

namespace claptools {
namespace {

using testing::brute_force;
using testing::recall;
using testing::unit_rows;

std::unique_ptr<Index> filled(const char* description, const Matrix& vectors) {
  auto index = make_index(description, vectors.cols);
  if (!index->is_trained()) index->train(vectors);
  index->add(vectors);
  return index;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(FlatIndex, EqualsBruteForce) {
  const Matrix gallery =
      unit_rows(9000, 61, 1);  // more than one stretch, chunks and tiles that do not come out even
  const Matrix queries = unit_rows(37, 61, 2);
  const auto index = filled("Flat", gallery);
  EXPECT_EQ(index->size(), 9000u);
  EXPECT_EQ(index->dim(), 61u);
  const Neighbours found = index->search(queries, 10);
  EXPECT_EQ(found.k, 10u);
  EXPECT_EQ(found.ids, brute_force(gallery, queries, 10));
  for (std::size_t i = 1; i < found.scores.size(); ++i) {
    EXPECT_TRUE(i % 10 == 0 || found.scores[i - 1] >= found.scores[i]) << i;
  }
}

TEST(FlatIndex, DependsNeitherOnBatchNorOnThreads) {
  const Matrix gallery = unit_rows(700, 64, 3);
  const Matrix queries = unit_rows(40, 64, 4);
  const auto index = filled("Flat", gallery);
  const Neighbours all = index->search(queries, 7);
  index->set_threads(1);
  for (std::size_t q = 0; q < queries.rows; ++q) {
    const Neighbours one = index->search(queries.view().slice(q, 1), 7);
    for (std::size_t i = 0; i < 7; ++i) {
      EXPECT_EQ(one.ids[i], all.ids[7 * q + i]);
      EXPECT_EQ(one.scores[i], all.scores[7 * q + i]);
    }
  }
}

TEST(FlatIndex, LowerIdFirstOnATie) {
  const Matrix few = unit_rows(5, 33, 5);
  auto index = make_index("Flat", 33);
  for (int copy = 0; copy < 3; ++copy) index->add(few);
  const Neighbours found = index->search(few, 2);
  for (std::int64_t i = 0; i < 5; ++i) {
    EXPECT_EQ(found.ids[static_cast<std::size_t>(2 * i)], i);
    EXPECT_EQ(found.ids[static_cast<std::size_t>(2 * i + 1)], i + 5);
  }
}

TEST(FlatIndex, GivesNoMoreThanThereAre) {
  const Matrix few = unit_rows(3, 8, 6);
  const auto index = filled("Flat", few);
  EXPECT_EQ(index->search(few, 1000000000).k, 3u);
  EXPECT_EQ(index->search(few, 0).ids.size(), 0u);
  EXPECT_EQ(make_index("Flat", 8)->search(few, 5).k, 0u);
  EXPECT_TRUE(index->search(Matrix(0, 8), 5).ids.empty());
}

struct Kind {
  const char* description;
  double least_recall;
};

class ApproximateIndex : public ::testing::TestWithParam<Kind> {
 protected:
  Matrix gallery = unit_rows(2000, 32, 7);
  Matrix queries = unit_rows(50, 32, 8);
};

TEST_P(ApproximateIndex, FindsMostNeighbours) {
  const auto index = filled(GetParam().description, gallery);
  const Neighbours found = index->search(queries, 10);
  EXPECT_GE(recall(found, brute_force(gallery, queries, 10)), GetParam().least_recall);
}

TEST_P(ApproximateIndex, ComesBackFromItsFile) {
  const testing::TempFolder folder;
  const auto index = filled(GetParam().description, gallery);
  index->save(folder / "vectors.faiss");
  const auto back = load_index(folder / "vectors.faiss");
  EXPECT_EQ(back->size(), index->size());
  EXPECT_EQ(back->dim(), index->dim());
  EXPECT_TRUE(back->is_trained());
  const Neighbours before = index->search(queries, 10);
  const Neighbours after = back->search(queries, 10);
  EXPECT_EQ(before.ids, after.ids);
  EXPECT_EQ(before.scores, after.scores);
  back->save(folder / "again.faiss");
  EXPECT_EQ(bytes_of(folder / "vectors.faiss"), bytes_of(folder / "again.faiss"));
  back->add(queries);  // ids go on
  EXPECT_EQ(back->size(), 2050u);
}

TEST_P(ApproximateIndex, IsTheSameFileEveryTime) {
  const testing::TempFolder folder;
  filled(GetParam().description, gallery)->save(folder / "one.faiss");
  filled(GetParam().description, gallery)->save(folder / "two.faiss");
  EXPECT_EQ(bytes_of(folder / "one.faiss"), bytes_of(folder / "two.faiss"));
}

TEST_P(ApproximateIndex, IsEmptyOnDiskToo) {
  const testing::TempFolder folder;
  make_index(GetParam().description, 32)->save(folder / "vectors.faiss");
  EXPECT_EQ(load_index(folder / "vectors.faiss")->size(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Kinds, ApproximateIndex,
                         ::testing::Values(Kind{"Flat", 1}, Kind{"SQ8", 0.95}, Kind{"SQfp16", 0.99},
                                           Kind{"PQ16", 0.6}, Kind{"HNSW32", 0.95},
                                           Kind{"HNSW16_SQ8", 0.9}, Kind{"IVF64,Flat", 0.7},
                                           Kind{"IVF64,SQ8", 0.7}, Kind{"IVF16,PQ16", 0.5},
                                           Kind{"IVF64_HNSW32,Flat", 0.7}, Kind{"PCA16,Flat", 0.3},
                                           Kind{"RR16,IVF16,PQ8", 0.25}, Kind{"RR32,SQ8", 0.95},
                                           Kind{"L2norm,Flat", 1}, Kind{"PQ16,RFlat", 0.6}));

TEST(Index, GivesVectorsBack) {
  const Matrix gallery = unit_rows(300, 16, 9);
  for (const char* description : {"Flat", "HNSW16", "IVF4,Flat"}) {
    const auto index = filled(description, gallery);
    const Matrix some = index->vectors(17, 100);
    EXPECT_TRUE(std::equal(some.data.begin(), some.data.end(), gallery.row(17).data()))
        << description;
    EXPECT_THROW(index->vectors(250, 51), Error);
  }
}

TEST(Index, ApproximateSearchPads) {  // a probe of 2 lists out of 4 cannot find all
  Matrix gallery = unit_rows(400, 8, 10);
  const auto index = filled("IVF4,Flat", gallery);
  const Neighbours found = index->search(gallery.view().slice(0, 1), 400);
  ASSERT_EQ(found.ids.size(), 400u);
  EXPECT_EQ(found.ids[399], -1);
  EXPECT_EQ(found.scores[399], std::numeric_limits<float>::lowest());
  EXPECT_EQ(found.ids[0], 0);
}

std::string usage_error(const char* description, std::size_t dim = 32) {
  try {
    const auto index = make_index(description, dim);
    if (!index->is_trained()) index->train(unit_rows(20, dim, 11));
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::usage);
    return e.what();
  }
  return "no error";
}

TEST(Index, RefusesWhatFaissRefuses) {
  const std::string known =
      " on; known are Flat, SQ4, SQ6, SQ8, SQfp16, PQ, IVF, HNSW, RFlat, Refine(), PCA, OPQ, RR, "
      "L2norm";
  EXPECT_EQ(usage_error("Flut"), "index type 'Flut': not understood from 'Flut'" + known);
  for (const char* description :
       {"", "IVF99999999999999999999,Flat", "PQ7", "IVF64,Flat", "Flat,\n"}) {
    const std::string message = usage_error(description);
    EXPECT_EQ(message.rfind("index type '" + std::string(description) + "': ", 0), 0u) << message;
    EXPECT_EQ(message.find(".cpp"), std::string::npos) << message;
  }
  EXPECT_EQ(usage_error("PQ4x4fs"), "index type 'PQ4x4fs': not understood from 'fs'" + known);
  EXPECT_EQ(usage_error("OPQ4,Flat"), "index type 'OPQ4,Flat': needs 9984 vectors to train on");
  EXPECT_EQ(usage_error("Flat", 0), "index type 'Flat': dimension 0");
}

TEST(Index, DoesNotPrint) {
  ::testing::internal::CaptureStderr();
  ::testing::internal::CaptureStdout();
  const Matrix few = unit_rows(300, 8, 12);
  for (const char* description :
       {"PQ4", "IVF16,PQ4", "HNSW8_SQ8", "PCA4,IVF16,Flat", "PQ4,RFlat"}) {
    filled(description, few);
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
}

TEST(Index, HasAsManyListsAsAMillionVectorsWant) {
  for (const char* type :
       {"IVF1024,Flat", "IVF65536,SQfp16", "IVF262144,PQ4", "IVF4096_HNSW32,Flat"})
    EXPECT_FALSE(make_index(type, 8)->is_trained()) << type;
  const auto index = make_index("IVF300,Flat", 8);
  const Matrix vectors = unit_rows(3000, 8, 1);
  index->train(vectors);
  index->add(vectors);
  EXPECT_EQ(index->size(), 3000U);
}

TEST(Index, RefusesWhatDoesNotFit) {
  const auto fault = [](const auto& work) {
    try {
      work();
    } catch (const Error& e) {
      return e.fault();
    }
    return Fault::internal;
  };
  const auto index = make_index("IVF4,Flat", 8);
  EXPECT_EQ(fault([&] { index->add(Matrix(1, 8)); }), Fault::usage);  // not trained
  EXPECT_EQ(fault([&] { index->train(Matrix(1, 9)); }), Fault::data);
  EXPECT_EQ(fault([&] { index->search(Matrix(1, 7), 1); }), Fault::data);
  EXPECT_EQ(fault([&] { index->save("/nonexistent/x.faiss"); }), Fault::cannot_create);
  EXPECT_EQ(fault([&] { load_index("/nonexistent/x.faiss"); }), Fault::no_input);
}

}  // namespace
}  // namespace claptools
