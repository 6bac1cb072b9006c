#include "claptools/index/export_index.hpp"

#include <gmock/gmock.h>

#include <cstring>

#include "claptools/core/error.hpp"
#include "claptools/index/build_index.hpp"
#include "index/random_vectors.hpp"
#include "support/golden_h5.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::HasSubstr;

class ExportIndexTest : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const Matrix& rows,
                   const std::string& sha256 = "00ff") {
    EmbeddingHeader header;
    header.dim = rows.cols;
    header.model_name = "tiny";
    header.model_sha256 = sha256;
    std::vector<Segment> segments(rows.rows);
    for (std::size_t i = 0; i < rows.rows; ++i) segments[i] = {name + std::to_string(i), 0, 1};
    EmbeddingWriter writer(folder_ / name, header, false);
    writer.append({segments, rows, {}, {}, {}});
    writer.commit();
    return folder_ / name;
  }

  std::string index(const std::string& name, const std::string& file, const std::string& factory) {
    BuildOptions options;
    options.factory = factory;
    IndexDirectory directory = build_index(std::span(&file, 1), options, {});
    write_index_directory(folder_ / name, *directory.index, directory.rows, false);
    return folder_ / name;
  }

  testing::TempDir folder_;
};

/// Source: numpy.lib.format, version 1.0. More rows than are read at a time.
TEST_F(ExportIndexTest, VectorsAsNumPyReadsThem) {
  const Matrix rows = testing::unit_rows(2 * kVectorBlock + 3, 4, 1);
  const auto source = open_row_source(index("a.clapindex", file("a.h5", rows), "Flat"));
  std::string npy;
  std::size_t pieces = 0;
  export_vectors(*source, [&](std::span<const std::byte> bytes) {
    npy.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    ++pieces;
  });
  EXPECT_EQ(pieces, 4U) << "a header, three blocks";
  ASSERT_GT(npy.size(), 10U);
  EXPECT_EQ(npy.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  const std::size_t header =
      static_cast<unsigned char>(npy[8]) + 256 * static_cast<unsigned char>(npy[9]);
  EXPECT_EQ((10 + header) % 64, 0U);
  EXPECT_THAT(npy.substr(10, header),
              HasSubstr("{'descr': '<f4', 'fortran_order': False, 'shape': (16387, 4), }"));
  EXPECT_EQ(npy[9 + header], '\n');
  ASSERT_EQ(npy.size(), 10 + header + rows.data.size() * sizeof(float));
  EXPECT_EQ(std::memcmp(npy.data() + 10 + header, rows.data.data(), rows.data.size() * 4), 0);
}

/// The neighbours are those of the vectors that the index keeps, by brute force.
TEST_F(ExportIndexTest, NeighboursForAnnBenchmarks) {
  const Matrix rows = testing::unit_rows(200, 8, 1), queries = testing::unit_rows(5, 8, 2);
  for (const char* factory : {"Flat", "HNSW8"}) {
    const std::string name = factory;
    const std::string path = index(name + ".clapindex", file(name + ".h5", rows), factory);
    AnnOptions options;
    options.output = folder_ / (name + ".hdf5");
    options.queries = file(name + "-q.h5", queries);
    options.k = 7;
    export_ann(*open_row_source(path), path, options, 1, false);
    const testing::GoldenFile made(options.output);
    const auto exact = testing::brute_force(rows, queries, 7);
    EXPECT_EQ(made.tensor("neighbors").data, std::vector<float>(exact.begin(), exact.end()))
        << factory;
    EXPECT_EQ(made.tensor("train").data, rows.data);
    EXPECT_EQ(made.tensor("test").data, queries.data);
  }
}

TEST_F(ExportIndexTest, QueriesOfAnotherModelAreRefused) {
  const std::string path = index("a.clapindex", file("a.h5", testing::unit_rows(20, 8, 1)), "Flat");
  AnnOptions options;
  options.output = folder_ / "a.hdf5";
  options.queries = file("q.h5", testing::unit_rows(2, 8, 2), "11ee");
  try {
    export_ann(*open_row_source(path), path, options, 1, false);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::data);
    EXPECT_EQ(error.subject(), options.queries);
  }
  EXPECT_FALSE(std::filesystem::exists(options.output));
}

}  // namespace
}  // namespace claptools
