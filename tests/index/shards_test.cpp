// Several indexes searched as one, and made into one.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "claptools/core/error.hpp"
#include "claptools/index/build_index.hpp"
#include "claptools/index/find_hits.hpp"
#include "claptools/index/search_directories.hpp"
#include "index/random_vectors.hpp"

namespace claptools {
namespace {

constexpr std::size_t kDim = 24;
constexpr std::size_t kShards = 4;

class Shards : public ::testing::Test {
 protected:
  /// Vectors with many duplicates, in different shards.
  Shards() : vectors(testing::unit_rows(1600, kDim, 1)) {
    for (std::size_t i = 0; i < 1600; i += 3) {
      std::ranges::copy(std::as_const(vectors).row(i), vectors.row((i + 650) % 1600).begin());
    }
  }

  std::string name(std::size_t shard) const {
    return (folder / (std::to_string(shard) + ".clapindex")).native();
  }

  static IndexRows rows(std::size_t first, std::size_t count) {
    IndexRows rows;
    rows.header.dim = kDim;
    rows.header.model_sha256 = "00ff";
    rows.header.meta_columns = {"n"};
    rows.meta.resize(1);
    for (std::size_t i = first; i < first + count; ++i) {
      const auto start_s = static_cast<double>(i % 7);
      rows.segments.push_back({"file " + std::to_string(i / 7), start_s, start_s + 1});
      rows.meta[0].push_back(std::to_string(i));
    }
    return rows;
  }

  /// Rows [first, first + count) as an index of their own, trained on all.
  std::string write(const std::string& path, const char* description, std::size_t first,
                    std::size_t count) const {
    const auto index = make_index(description, kDim);
    index->set_threads(1);
    if (!index->is_trained()) index->train(vectors);
    index->add(vectors.view().slice(first, count));
    write_index_directory(path, *index, rows(first, count), true);
    return path;
  }

  std::vector<std::string> write_shards(const char* description) const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < kShards; ++i) {
      names.push_back(write(name(i), description, 400 * i, 400));
    }
    return names;
  }

  std::string write_whole(const char* description) const {
    return write((folder / "whole.clapindex").native(), description, 0, 1600);
  }

  static std::string vectors_of(const std::filesystem::path& index) {
    std::ifstream in(index / "vectors.faiss", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  testing::TempFolder folder;
  Matrix vectors;
};

TEST_F(Shards, AreSearchedAsOne) {
  const Matrix queries = testing::unit_rows(30, kDim, 2);
  for (const char* description : {"Flat", "SQfp16"}) {
    const SearchDirectory parts = open_search_directories(write_shards(description), 2);
    const SearchDirectory whole = open_search_directories(std::array{write_whole(description)}, 2);
    EXPECT_EQ(parts.rows.segments, whole.rows.segments);
    EXPECT_EQ(parts.rows.meta, whole.rows.meta);
    for (const HitOptions& options :
         {HitOptions{.k = 10}, HitOptions{.k = 2000}, HitOptions{.k = 5, .by_file = true},
          HitOptions{.k = 5, .min_score = 0.5, .by_file = true}}) {
      for (const RowRange range : {RowRange{0, 1600}, RowRange{350, 500}, RowRange{450, 10}}) {
        EXPECT_TRUE(find_hits(*parts.index, parts.rows.segments, range, queries, options) ==
                    find_hits(*whole.index, whole.rows.segments, range, queries, options))
            << description << " " << options.k << " " << range.first;
      }
    }
    EXPECT_EQ(parts.index->vectors(390, 20).data, whole.index->vectors(390, 20).data);
  }
}

/// FAISS chooses among equal scores at the end of its list as it likes; the scores are the same.
TEST_F(Shards, ApproximateOnesAreSearchedAsOne) {
  const Matrix queries = testing::unit_rows(30, kDim, 2);
  for (const char* description : {"IVF8,Flat", "IVF8,PQ4"}) {
    const SearchDirectory parts = open_search_directories(write_shards(description), 1);
    const SearchDirectory whole = open_search_directories(std::array{write_whole(description)}, 1);
    for (const RowRange range : {RowRange{0, 1600}, RowRange{350, 500}}) {
      EXPECT_EQ(parts.index->search(queries, 10, range).scores,
                whole.index->search(queries, 10, range).scores)
          << description << " " << range.first;
    }
  }
}

TEST_F(Shards, TrainedAlikeMergeIntoTheWhole) {
  for (const char* description : {"Flat", "SQ8", "SQfp16", "PQ4", "IVF8,Flat", "IVF8,PQ4",
                                  "PCA8,IVF8,SQ8", "PQ4,RFlat", "IVF8_HNSW4,Flat"}) {
    const IndexDirectory merged = merge_indexes(write_shards(description), 1, {});
    write_index_directory(folder / "merged.clapindex", *merged.index, merged.rows, true);
    EXPECT_EQ(merged.rows.segments, rows(0, 1600).segments);
    EXPECT_EQ(merged.rows.meta, rows(0, 1600).meta);
    EXPECT_EQ(vectors_of(folder / "merged.clapindex"), vectors_of(write_whole(description)))
        << description;
  }
}

TEST_F(Shards, GraphsGrowAnew) {
  const IndexDirectory merged = merge_indexes(write_shards("HNSW8"), 1, {});
  EXPECT_EQ(merged.index->type(), "HNSW8");
  EXPECT_EQ(merged.index->vectors(0, 1600).data, vectors.data);
  const Neighbours found = merged.index->search(vectors.view().slice(1000, 50), 1);
  EXPECT_GE(std::ranges::count_if(found.scores, [](float score) { return score > 0.999F; }), 45);
}

/// The message for merging the first shard with something else.
std::string refused(const std::string& first, const std::string& second) {
  try {
    merge_indexes(std::array{first, second}, 1, {});
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::data);
    return e.what();
  }
  return "no error";
}

TEST_F(Shards, TrainedOtherwiseAreRefused) {
  const std::string second = (folder / "second.clapindex").native();
  for (const char* description : {"IVF8,Flat", "SQ8", "PQ4", "HNSW8_SQ8", "PCA8,Flat"}) {
    const std::string first = write(name(0), description, 0, 400);
    const auto other = make_index(description, kDim);
    other->train(testing::unit_rows(900, kDim, 3));
    other->add(vectors.view().slice(0, 10));
    write_index_directory(second, *other, rows(0, 10), true);
    EXPECT_NE(refused(first, second), "no error") << description;
  }
  write(name(0), "IVF8,Flat", 0, 400);
  for (const char* description : {"Flat", "IVF16,Flat", "IVF8,SQ8", "HNSW8"}) {
    write(second, description, 0, 10);
    EXPECT_NE(refused(name(0), second), "no error") << description;
    EXPECT_NE(refused(second, name(0)), "no error") << description;
  }
}

TEST_F(Shards, TakeOverTheTrainingOfAnother) {
  const std::string whole = write_whole("IVF8,PQ4");
  std::vector<std::string> parts;
  for (const std::string& shard : write_shards("Flat")) {
    const IndexDirectory like =
        build_index(std::array{shard}, {.factory = "Flat", .like = whole, .threads = 1}, {});
    parts.push_back(shard + ".like");
    write_index_directory(parts.back(), *like.index, like.rows, false);
  }
  const IndexDirectory merged = merge_indexes(parts, 1, {});
  write_index_directory(folder / "merged.clapindex", *merged.index, merged.rows, true);
  EXPECT_EQ(vectors_of(folder / "merged.clapindex"), vectors_of(whole));
}

TEST_F(Shards, TrainOnASample) {
  const std::string flat = write_whole("Flat");
  BuildOptions options{.factory = "IVF8,Flat", .like = "", .train_rows = 1600, .threads = 1};
  const auto all = build_index(std::array{flat}, options, {});
  options.train_rows = 100;
  const auto few = build_index(std::array{flat}, options, {});
  EXPECT_EQ(few.index->size(), 1600u);
  all.index->clear();
  few.index->clear();
  EXPECT_NE(all.index->training(), few.index->training());
  options.train_rows = 5;  // fewer than lists
  EXPECT_THROW(build_index(std::array{flat}, options, {}), Error);
}

}  // namespace
}  // namespace claptools
