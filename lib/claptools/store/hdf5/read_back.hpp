#pragma once
// Internal to the room.

#include <cstddef>
#include <span>
#include <string>

#include "claptools/store/hdf5/file_sink.hpp"

namespace claptools::hdf5 {

/// A dataset and the number of its rows.
struct RowCount {
  std::string name;
  std::size_t rows;
};

/// Opens a finished file again, before anyone gets to see it.
/// @throws Error{io} naming `subject` unless it is HDF5, its attribute `complete` is 1, and it has
/// these datasets with all their rows.
void read_back(FileSink file, const std::string& subject, std::span<const RowCount> datasets);

}  // namespace claptools::hdf5
