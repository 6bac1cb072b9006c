// Packed datasets whose chunks hold many rows, as h5py's users make them.
#include <gtest/gtest.h>
#include <hdf5.h>

#include <array>
#include <ctime>
#include <vector>

#include "claptools/store/hdf5/hdf5_column.hpp"
#include "claptools/store/hdf5/hdf5_output.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

constexpr std::size_t kRows = 40000, kColumns = 64;

/// Adds "rows", the value of row i, column c is i + c.
void add_packed(const std::string& path, hsize_t chunk_rows, hsize_t chunk_columns) {
  std::vector<float> values(kRows * kColumns);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(i / kColumns + i % kColumns);
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const std::array<hsize_t, 2> size{kRows, kColumns}, chunk{chunk_rows, chunk_columns};
  const hid_t space = H5Screate_simple(2, size.data(), nullptr);
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(properties, 2, chunk.data());
  H5Pset_deflate(properties, 1);
  const hid_t set =
      H5Dcreate2(file, "rows", H5T_IEEE_F32LE, space, H5P_DEFAULT, properties, H5P_DEFAULT);
  H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  H5Dclose(set);
  H5Pclose(properties);
  H5Sclose(space);
  H5Fclose(file);
}

/// Processor time of reading all rows, so many at a time.
double seconds_of(const hdf5::Column& column, std::size_t block) {
  const std::clock_t begin = std::clock();
  for (std::size_t first = 0; first < kRows; first += block) {
    const auto rows = column.floats(first, block);
    EXPECT_EQ(rows.back(), static_cast<float>(first + block - 1 + kColumns - 1));
  }
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

class Chunks : public ::testing::TestWithParam<std::array<hsize_t, 2>> {};

TEST_P(Chunks, AreUnpackedOnce) {
  const testing::TempDir folder;
  const std::string path = folder / "packed.h5";
  hdf5::Output(path, true).commit();
  add_packed(path, GetParam()[0], GetParam()[1]);
  const hdf5::Input input(path);
  const hdf5::Column column = input.column("rows");
  const double whole = seconds_of(column, kRows);
  EXPECT_LT(seconds_of(column, 100), 20 * whole + 0.1);  // 400 reads; each unpacked them all
}

INSTANTIATE_TEST_SUITE_P(Shapes, Chunks,
                         ::testing::Values(std::array<hsize_t, 2>{kRows, kColumns},
                                           std::array<hsize_t, 2>{kRows / 2, kColumns},
                                           std::array<hsize_t, 2>{kRows, 1}));

}  // namespace
}  // namespace claptools
