#pragma once
// Internal to the room.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/store/hdf5/file_sink.hpp"
#include "claptools/store/hdf5/hdf5.hpp"

namespace claptools::hdf5 {

class Column;

/// While it exists, file_in_hdf5() is this file; afterwards the previous one.
class InHdf5 {
 public:
  explicit InHdf5(const std::string& file) noexcept;
  InHdf5(const InHdf5&) = delete;
  InHdf5& operator=(const InHdf5&) = delete;
  ~InHdf5();

 private:
  const char* before_;
};

/// Where the rows of a dataset may lie.
enum class Storage {
  own,      ///< in the file itself
  sources,  ///< or in others, as VirtualDataset takes them
};

/// An HDF5 file opened for reading. What it claims is compared with its size before memory is asked
/// for; links out of the file and filters other than deflate and shuffle are refused. All failures
/// are Error{data} naming the file.
class Input {
 public:
  /// @param path "-" is standard input; this and other files without a size (pipes) are read into
  /// memory.
  /// @throws Error{no_input} if it cannot be opened, {data} if it is not HDF5 or cut off.
  explicit Input(const std::string& path);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  /// "standard input" or the path.
  const std::string& subject() const { return subject_; }
  std::size_t bytes() const { return bytes_; }
  [[noreturn]] void fail(std::string_view reason) const;

  /// To be held while HDF5 processes data of the file.
  InHdf5 in_hdf5() const { return InHdf5(printable_); }

  /// Fails if bytes could not be read, because what HDF5 made of them is then meaningless. @throws
  /// Error{io}, or std::bad_alloc if HDF5 got no memory.
  void require_read() const;

  /// Attributes of a group; none if it is not there. A boolean of h5py, which is an enumeration, is
  /// an integer, too.
  std::optional<std::string> text(const std::string& object, const std::string& name) const;
  std::optional<std::int64_t> integer(const std::string& object, const std::string& name) const;
  std::optional<double> number(const std::string& object, const std::string& name) const;

  bool has(const std::string& object) const;
  /// Members of a group, in the order of their making if the file keeps it, else by name.
  std::vector<std::string> members(const std::string& group) const;

  Column column(const std::string& name, Storage storage = Storage::own) const;

 private:
  Handle attribute(const std::string& object, const std::string& name) const;
  void require_hard_links(const std::string& object) const;
  bool take(std::size_t at, std::span<char> to) const;

  std::string subject_, printable_;
  std::size_t bytes_ = 0;
  struct Opened {
    int number = -1;
    ~Opened();
  } opened_;
  std::vector<char> image_;  // of what is not a regular file
  FileSink source_;          // of one of them
  Handle file_;              // goes first
};

}  // namespace claptools::hdf5
