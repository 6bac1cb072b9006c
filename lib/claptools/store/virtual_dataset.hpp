#pragma once
// Internal to the room.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/store/hdf5/hdf5.hpp"

namespace claptools::hdf5 {

class Column;
class Input;

/// The group `sources` of a file whose vectors lie in others: their names and, for each, the CRC-32
/// of its own checksums, which tell another file in its place.
constexpr const char* kSourceFiles = "sources/file";
constexpr const char* kSourceSums = "sources/crc32";

/// A file that others refer to. @param name as they write it: relative to their folder, or
/// absolute.
struct Source {
  std::string name;
  std::size_t first = 0;  ///< of its rows, in the whole
  std::size_t rows = 0;
};

/// The name of a file for another one at `path`: relative to its folder if it is there or below.
std::string source_name(const std::string& file, const std::string& path);

/// How HDF5 is to find `name`, where '%' would begin a number.
std::string escape_source(std::string_view name);

/// The rows of a dataset [rows, columns] that lie in other files, one after another, each under the
/// same name, in the order of `sources` (a file without such rows is passed over): as
/// Output::virtual_dataset makes them, and no other way. HDF5 itself opens none of these files;
/// they are opened as any Input is, one at a time, and may not refer to others again.
class VirtualDataset {
 public:
  /// @param properties of the dataset's creation. The input must outlive it.
  /// @throws Error{data} for another mapping than ours, and for files that are not regular files or
  /// not those that were referred to.
  VirtualDataset(const Input& input, std::string name, Id properties);
  VirtualDataset(VirtualDataset&&) noexcept;
  VirtualDataset& operator=(VirtualDataset&&) noexcept;
  ~VirtualDataset();

  /// Opens each file in turn. @throws Error{data} unless they hold the rows of `whole`, as its
  /// type.
  void check(const Column& whole);

  /// @param row_bytes of `type`.
  void read(Id type, std::size_t row_bytes, std::size_t first, std::size_t count,
            void* values) const;

 private:
  struct Opened;
  void add(Id properties, std::size_t number, const std::string& name);
  [[noreturn]] void refuse() const;
  std::string path_of(const Source& source) const;
  const Column& open(std::size_t number) const;

  const Input* input_;
  std::string name_;
  std::vector<Source> sources_;
  std::vector<std::uint64_t> sums_;
  std::size_t columns_ = 0;
  mutable std::unique_ptr<Opened> opened_;  ///< the one read last
};

}  // namespace claptools::hdf5
