#pragma once
// Internal to the room. HDF5's own header stays in the sources: an identifier is a plain integer
// here.

#include <cstdint>
#include <string>
#include <utility>

namespace claptools::hdf5 {

using Id = std::int64_t;  ///< hid_t

inline constexpr const char* kComplete = "complete";  ///< attribute of "/": 1 in a finished file

/// An identifier of any kind (file, dataset, type ...), released with its owner.
class Handle {
 public:
  explicit Handle(Id id = -1) : id_(id) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Handle& operator=(Handle&& other) noexcept;
  ~Handle() { close(); }

  Id id() const { return id_; }

  /// @return false if HDF5 reports a failure, such as a disk full while its cache is written out.
  bool close();

 private:
  Id id_;
};

/// How floats, integers and strings lie in a file we write.
enum class Type { float16, float32, float64, uint64, text };

/// In a file (little endian) and in memory (native; float16 as std::uint16_t, text as char*).
Handle file_type(Type type);
Handle memory_type(Type type);

/// Variable-length string of a character set (H5T_cset_t).
Handle text_type(int character_set);

/// A fixed-length string as read, without the padding of its type.
std::string unpadded(std::string text, const Handle& type);

/// File access: oldest layout that HDF5 1.8 reads too, no file locks (network file systems often
/// lack them), objects closed with their file. HDF5's own messages are turned off with it.
Handle file_access();

/// After a failed call, which says nothing about the file if HDF5 got no memory. Throws
/// std::bad_alloc if that happened in this thread since file_access() or since it was asked last.
void require_memory();

/// File access to an image in memory that is never written to disk.
Handle memory_access();

}  // namespace claptools::hdf5
