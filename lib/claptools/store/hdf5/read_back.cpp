#include "claptools/store/hdf5/read_back.hpp"

#include <hdf5.h>

#include <array>
#include <cstdint>

#include "claptools/core/error.hpp"

namespace claptools::hdf5 {
namespace {

bool is_complete(const Handle& file) {
  const Handle complete(H5Aopen(file.id(), kComplete, H5P_DEFAULT));
  std::int64_t value = 0;
  return complete.id() >= 0 && H5Aread(complete.id(), H5T_NATIVE_INT64, &value) >= 0 && value == 1;
}

bool has_rows(const Handle& file, const RowCount& expected) {
  const Handle dataset(H5Dopen2(file.id(), expected.name.c_str(), H5P_DEFAULT));
  const Handle space(H5Dget_space(dataset.id()));
  std::array<hsize_t, 2> size{};
  return H5Sget_simple_extent_ndims(space.id()) <= 2 &&
         H5Sget_simple_extent_dims(space.id(), size.data(), nullptr) > 0 &&
         size[0] == expected.rows;
}

}  // namespace

void read_back(FileSink file, const std::string& subject, std::span<const RowCount> datasets) {
  const auto require = [&](bool holds, const std::string& what) {
    if (file.error != 0) throw Error(Fault::io, subject, failure_reason(file.error));
    if (!holds) throw Error(Fault::io, subject, "cannot be read back after writing: " + what);
  };
  const Handle access = sink_access(file);
  const Handle opened(H5Fopen(subject.c_str(), H5F_ACC_RDONLY, access.id()));
  require(opened.id() >= 0, "not a whole HDF5 file");
  require(is_complete(opened), "it is not marked complete");
  for (const RowCount& expected : datasets) {
    require(has_rows(opened, expected), "'" + expected.name + "' has lost rows");
  }
}

}  // namespace claptools::hdf5
