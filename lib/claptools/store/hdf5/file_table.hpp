#pragma once
// Internal to the room: what files know of the recordings that their rows were made from.

#include <vector>

#include "claptools/store/file_record.hpp"
#include "claptools/store/hdf5/hdf5_input.hpp"
#include "claptools/store/hdf5/hdf5_output.hpp"

namespace claptools {

/// The group `files`; without files, none.
void write_files(hdf5::Output& output, const std::vector<FileRecord>& files);
std::vector<FileRecord> read_files(const hdf5::Input& input);

/// The group `errors` of an index, likewise.
void write_failures(hdf5::Output& output, const std::vector<FailedFile>& failures);
std::vector<FailedFile> read_failures(const hdf5::Input& input);

}  // namespace claptools
