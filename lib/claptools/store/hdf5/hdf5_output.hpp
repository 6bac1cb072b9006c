#pragma once
// Internal to the room.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "claptools/core/files/atomic_file.hpp"
#include "claptools/store/hdf5/file_sink.hpp"
#include "claptools/store/hdf5/hdf5.hpp"
#include "claptools/store/hdf5/read_back.hpp"
#include "claptools/store/virtual_dataset.hpp"

namespace claptools::hdf5 {

class Dataset;

/// A new HDF5 file that is published whole by commit(): a file beside its name, or for "-" an image
/// in memory. Without object times, so that the same calls give the same bytes. Failures are
/// Error{io} with the system's reason.
class Output {
 public:
  /// @throws Error{cannot_create} as AtomicFile and require_own_file.
  Output(const std::string& path, bool overwrite);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// "standard output" or the path.
  const std::string& subject() const { return subject_; }

  /// @throws Error{data} for text with a NUL byte, where an HDF5 string would end.
  void require_storable(std::string_view text) const;

  using Value = std::variant<std::string, std::int64_t, double>;
  /// A scalar of a group.
  void attribute(const std::string& object, const std::string& name, const Value& value);

  /// Members of a group are listed in the order they were made.
  void group(const std::string& name);

  /// A dataset [0, columns] (1-D if columns is 0) in chunks of `chunk_rows` rows. The Output must
  /// outlive it.
  Dataset dataset(const std::string& name, Type type, std::size_t columns, std::size_t chunk_rows);

  /// A dataset [sum of rows, columns] that lies in other files, under the same name. What is
  /// appended to it is what stands there already: only its checksums are kept.
  Dataset virtual_dataset(const std::string& name, Type type, std::size_t columns,
                          std::span<const Source> sources);

  /// The group `checksums` of the finished file will tell, for each append() from here on, the
  /// dataset, how many rows it got and the CRC-32 of their bytes (of texts each followed by a NUL).
  void keep_checksums() { keeps_checksums_ = true; }

  /// Sets the attribute `complete` of "/" from 0 to 1 as the last write, reads back what came of
  /// it, and publishes.
  void commit();

 private:
  friend class Dataset;
  void check(Id result) const;
  Dataset create(const std::string& name, Type type, std::size_t columns, const Handle& space,
                 const Handle& properties);
  void mark_complete();
  void write_checksums();
  std::vector<std::byte> image() const;

  std::string subject_;
  std::optional<AtomicFile> target_;  // none: standard output
  FileSink sink_;                     // of the target; the file is closed before it goes
  Handle file_;
  std::vector<RowCount> datasets_;
  bool keeps_checksums_ = false;
  std::vector<std::string> checked_sets_;
  std::vector<std::uint64_t> checked_rows_, checksums_;
};

/// A dataset that grows by rows.
class Dataset {
 public:
  Dataset() = default;

  /// Whole rows; the element type must be the dataset's, but floats also go into float16, rounded
  /// to nearest even.
  void append(std::span<const float> values);
  void append(std::span<const double> values);
  void append(std::span<const std::uint64_t> values);
  void append(std::span<const std::string> values);

 private:
  friend class Output;
  void write(const void* values, std::size_t count, std::span<const std::byte> bytes);

  Output* output_ = nullptr;
  std::size_t number_ = 0;  // in the order they were made
  Handle id_;
  Type type_ = Type::float32;
  std::size_t columns_ = 0;
  bool elsewhere_ = false;
};

constexpr std::size_t kColumnChunkRows = 4096;

/// Writes a whole 1-D dataset at once.
template <typename T>
void write_column(Output& output, const std::string& name, Type type, std::span<const T> values) {
  output.dataset(name, type, 0, std::min(values.size(), kColumnChunkRows)).append(values);
}

}  // namespace claptools::hdf5
