#include "claptools/store/hdf5/file_sink.hpp"

#include <hdf5.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "claptools/core/error.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools::hdf5 {
namespace {

/// What HDF5 knows of an open file; it finds its own part at the beginning.
struct SinkFile {
  H5FD_t base;
  FileSink* sink;
  haddr_t allocated;  // end of what HDF5 has handed out
  haddr_t written;    // end of file
};

SinkFile& self(H5FD_t* file) { return *reinterpret_cast<SinkFile*>(file); }
const SinkFile& self(const H5FD_t* file) { return *reinterpret_cast<const SinkFile*>(file); }

haddr_t size_of(const FileSink& sink) {
  if (sink.descriptor < 0) return sink.image.size();
  struct stat status {};
  return fstat(sink.descriptor, &status) == 0 ? static_cast<haddr_t>(status.st_size) : 0;
}

H5FD_t* open_sink(const char*, unsigned, hid_t access, haddr_t) {
  const auto* sink = static_cast<FileSink* const*>(H5Pget_driver_info(access));
  if (sink == nullptr) return nullptr;
  return &(new SinkFile{{}, *sink, 0, size_of(**sink)})->base;
}

herr_t close_sink(H5FD_t* file) {
  delete &self(file);
  return 0;
}

/// What the usual driver offers, so that files come out the same.
herr_t query(const H5FD_t*, unsigned long* features) {
  *features = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
              H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

haddr_t allocated(const H5FD_t* file, H5FD_mem_t) { return self(file).allocated; }

herr_t set_allocated(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  self(file).allocated = address;
  return 0;
}

haddr_t written(const H5FD_t* file, H5FD_mem_t) { return self(file).written; }

/// As pread().
ssize_t read_some(const FileSink& sink, void* buffer, std::size_t size, haddr_t address) {
  if (sink.descriptor >= 0) {
    return pread(sink.descriptor, buffer, size, static_cast<off_t>(address));
  }
  const auto rest = sink.image.subspan(std::min<std::size_t>(address, sink.image.size()));
  const std::size_t some = std::min(size, rest.size());
  if (some > 0) std::memcpy(buffer, rest.data(), some);
  return static_cast<ssize_t>(some);
}

/// Past the end, and after a failure, bytes read are 0. Fewer than there were when it was opened
/// are a failure: somebody has cut the file off, or its file system gives it up.
herr_t read_sink(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, void* buffer) {
  auto* bytes = static_cast<char*>(buffer);
  while (size > 0) {
    const ssize_t got = read_some(*self(file).sink, bytes, size, address);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      const bool past_end = got == 0 && address >= self(file).written;
      if (!past_end && self(file).sink->error == 0)
        self(file).sink->error = got < 0 ? errno : kCutOff;
      break;
    }
    bytes += got;
    address += static_cast<haddr_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  std::memset(bytes, 0, size);
  return 0;
}

herr_t write_sink(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size,
                  const void* buffer) {
  FileSink& sink = *self(file).sink;
  const auto* bytes = static_cast<const char*>(buffer);
  const haddr_t end = address + size;
  while (size > 0 && sink.error == 0) {
    const ssize_t put = pwrite(sink.descriptor, bytes, size, static_cast<off_t>(address));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      sink.error = put < 0 ? errno : ENOSPC;
      break;
    }
    bytes += put;
    address += static_cast<haddr_t>(put);
    size -= static_cast<std::size_t>(put);
  }
  if (end > self(file).written) self(file).written = end;
  return 0;
}

/// HDF5 asks for the file to end where its last allocation does.
herr_t truncate_sink(H5FD_t* file, hid_t, hbool_t) {
  FileSink& sink = *self(file).sink;
  const haddr_t end = self(file).allocated;
  if (end == self(file).written) return 0;
  if (sink.error == 0 && ftruncate(sink.descriptor, static_cast<off_t>(end)) != 0)
    sink.error = errno;
  self(file).written = end;
  return 0;
}

H5FD_class_t driver_class() {
  H5FD_class_t driver{};
#ifdef H5FD_CLASS_VERSION  // from HDF5 1.14 on, which refuses a class that does not give it
  driver.version = H5FD_CLASS_VERSION;
  driver.value = H5_VFD_RESERVED;  // the first that is not the library's own
#endif
  driver.name = "claptools-sink";
  driver.maxaddr = static_cast<haddr_t>(std::numeric_limits<off_t>::max());
  driver.fc_degree = H5F_CLOSE_STRONG;
  driver.fapl_size = sizeof(FileSink*);
  driver.open = open_sink;
  driver.close = close_sink;
  driver.query = query;
  driver.get_eoa = allocated;
  driver.set_eoa = set_allocated;
  driver.get_eof = written;
  driver.read = read_sink;
  driver.write = write_sink;
  driver.truncate = truncate_sink;
  constexpr H5FD_mem_t kTypes[] = H5FD_FLMAP_DICHOTOMY;
  std::memcpy(driver.fl_map, kTypes, sizeof kTypes);
  return driver;
}

}  // namespace

std::string failure_reason(int error) {
  return error == kCutOff ? "was cut off, or could not be read, while it was in use"
                          : system_reason(error);
}

Handle sink_access(FileSink& sink) {
  static_assert(offsetof(SinkFile, base) == 0);
  Handle access = file_access();
  const H5FD_class_t driver = driver_class();
  sink.driver = Handle(H5FDregister(&driver));
  FileSink* info = &sink;
  if (sink.driver.id() < 0 || H5Pset_driver(access.id(), sink.driver.id(), &info) < 0) {
    require_memory();
    throw Error(Fault::unavailable, "HDF5", "this version does not take our file driver");
  }
  return access;
}

}  // namespace claptools::hdf5
