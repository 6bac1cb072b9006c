// Indexes that stay in their file while they are searched.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <optional>

#include "claptools/core/error.hpp"
#include "claptools/index/index.hpp"
#include "index/random_vectors.hpp"

namespace claptools {
namespace {

using testing::unit_rows;

constexpr std::size_t kBlock = BlockChecksums::kBlockBytes;

class MappedIndex : public ::testing::Test {
 protected:
  void save(const char* description, const Matrix& vectors) {
    const auto index = make_index(description, vectors.cols);
    index->set_threads(1);
    if (!index->is_trained()) index->train(vectors);
    index->add(vectors);
    index->save(path);
    std::ifstream in(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    sums = block_checksums(std::as_bytes(std::span(bytes)));
  }

  void change_byte(std::uint64_t offset) const {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(static_cast<std::streamoff>(offset));
    const auto byte = static_cast<char>(file.get() ^ 1);
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(byte);
  }

  template <typename Work>
  static std::optional<Fault> fault(const Work& work) {
    try {
      work();
    } catch (const Error& e) {
      return e.fault();
    }
    return {};
  }

  testing::TempFolder folder;
  std::filesystem::path path = folder / "vectors.faiss";
  BlockChecksums sums;
};

TEST_F(MappedIndex, FindsWhatTheLoadedOneFinds) {
  const Matrix gallery = unit_rows(3000, 48, 1);
  const Matrix queries = unit_rows(40, 48, 2);
  for (const char* description :
       {"Flat", "SQfp16", "SQ8", "PQ8", "HNSW16", "IVF32,Flat", "IVF32,SQfp16", "IVF32,SQ8",
        "IVF32,PQ8", "IVF32_HNSW8,Flat", "RR48,IVF32,Flat", "IVF32,PQ8,RFlat"}) {
    save(description, gallery);
    const auto mapped = open_index(path, sums);
    const auto loaded = load_index(path, sums);
    EXPECT_EQ(mapped->size(), 3000u);
    EXPECT_EQ(mapped->type(), loaded->type());
    const Neighbours a = mapped->search(queries, 10), b = loaded->search(queries, 10);
    EXPECT_EQ(a.ids, b.ids) << description;
    EXPECT_EQ(a.scores, b.scores) << description;
    EXPECT_EQ(mapped->vectors(100, 50).data, loaded->vectors(100, 50).data) << description;
  }
}

/// 8 GiB that are not there: reading them would take the memory and seconds.
TEST_F(MappedIndex, OpensWithoutReadingTheVectors) {
  constexpr std::uint64_t kRows = std::uint64_t{1} << 21, kDim = 1024;
  save("Flat", unit_rows(1, kDim, 3));
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  const std::uint64_t rows = kRows, floats = kRows * kDim;
  file.seekp(8).write(reinterpret_cast<const char*>(&rows), 8);
  file.seekp(37).write(reinterpret_cast<const char*>(&floats), 8);
  file.close();
  std::filesystem::resize_file(path, 45 + 4 * floats);
  const auto index = open_index(path);
  EXPECT_EQ(index->size(), kRows);
  EXPECT_EQ(index->search(unit_rows(1, kDim, 3), 1, {0, 10}).ids[0], 0);
}

TEST_F(MappedIndex, ChecksTheVectorsThatAreSearched) {
  const Matrix gallery = unit_rows(4000, 128, 4);  // 512 bytes a row, 512 rows a block
  save("Flat", gallery);
  change_byte(3 * kBlock + 100);
  const auto index = open_index(path, sums);
  const MatrixView query = gallery.view().slice(0, 1);
  EXPECT_EQ(fault([&] { index->search(query, 1, {0, 1000}); }), std::nullopt);
  EXPECT_EQ(fault([&] { index->search(query, 1, {2100, 1000}); }), std::nullopt);
  EXPECT_EQ(fault([&] { index->search(query, 1, {1000, 1000}); }), Fault::data);
  EXPECT_EQ(fault([&] { index->vectors(1600, 10); }), Fault::data);
  EXPECT_EQ(fault([&] { index->search(query, 1); }), Fault::data);
  EXPECT_EQ(fault([&] { load_index(path, sums); }), Fault::data);
}

TEST_F(MappedIndex, ChecksTheListsThatAreProbed) {
  const Matrix gallery = unit_rows(4000, 128, 5);
  save("IVF8,Flat", gallery);
  change_byte(sums.bytes - 100);  // an id of the last list
  const auto index = open_index(path, sums);
  index->set_effort({.nprobe = 8});
  EXPECT_EQ(fault([&] { index->search(gallery.view().slice(0, 20), 5); }), Fault::data);
  std::size_t fine = 0;
  for (std::size_t i = 0; i < 4000; i += 100) {
    const auto one = open_index(path, sums);
    one->set_effort({.nprobe = 1});
    fine += !fault([&] { one->search(gallery.view().slice(i, 1), 5); });
  }
  EXPECT_GT(fine, 10u);
  EXPECT_LT(fine, 40u);
}

TEST_F(MappedIndex, SearchesARunOfRows) {
  const Matrix gallery = unit_rows(1000, 32, 6);
  const Matrix queries = unit_rows(9, 32, 7);
  for (const char* description : {"Flat", "SQfp16", "IVF8,Flat", "RR32,IVF8,Flat"}) {
    save(description, gallery);
    const auto index = open_index(path, sums);
    if (index->type() != "Flat" && index->type() != "SQfp16") index->set_effort({.nprobe = 8});
    const Neighbours found = index->search(queries, 5, {300, 400});
    const auto exact = testing::brute_force(gallery.view().slice(300, 400), queries, 5);
    std::size_t equal = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) equal += found.ids[i] == exact[i] + 300;
    EXPECT_GE(equal, exact.size() - 4) << description;  // rounding may exchange near ones
    EXPECT_EQ(index->search(queries, 5000, {990, 10}).k, 10u);
    EXPECT_EQ(fault([&] { index->search(queries, 5, {990, 11}); }), Fault::usage);
  }
  save("HNSW8", gallery);
  EXPECT_EQ(fault([&] { open_index(path)->search(queries, 5, {0, 10}); }), Fault::usage);
}

TEST_F(MappedIndex, HasAnotherSize) {
  save("Flat", unit_rows(10, 8, 8));
  std::filesystem::resize_file(path, sums.bytes - 32);
  EXPECT_EQ(fault([&] { open_index(path, sums); }), Fault::data);
}

TEST_F(MappedIndex, LooksHarderWhenAsked) {
  const Matrix gallery = unit_rows(3000, 32, 9);
  const Matrix queries = unit_rows(50, 32, 10);
  const auto exact = testing::brute_force(gallery, queries, 10);
  save("IVF64,Flat", gallery);
  const auto lists = open_index(path, sums);
  lists->set_effort({.nprobe = 1});
  const double few = testing::recall(lists->search(queries, 10), exact);
  lists->set_effort({.nprobe = 64});
  EXPECT_LT(few, 0.9);
  EXPECT_GE(testing::recall(lists->search(queries, 10), exact), 0.99);
  save("HNSW4", gallery);
  const auto graph = open_index(path, sums);
  graph->set_effort({.ef = 10});
  const double narrow = testing::recall(graph->search(queries, 10), exact);
  graph->set_effort({.ef = 1000});
  EXPECT_GT(testing::recall(graph->search(queries, 10), exact), narrow);
  EXPECT_EQ(fault([&] { graph->set_effort({.nprobe = 3}); }), Fault::usage);
  EXPECT_EQ(fault([&] { lists->set_effort({.ef = 3}); }), Fault::usage);
}

}  // namespace
}  // namespace claptools
