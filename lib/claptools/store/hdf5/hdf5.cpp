#include "claptools/store/hdf5/hdf5.hpp"

#include <hdf5.h>

#include <algorithm>
#include <new>
#include <type_traits>
#include <utility>

namespace claptools::hdf5 {
namespace {

static_assert(std::is_same_v<hid_t, Id>);

constexpr std::size_t kImageGrowth = std::size_t{1} << 20;

/// IEEE 754 binary16 with the byte order of `base`, bit for bit the type that NumPy's float16 gets.
Handle half_type(hid_t base) {
  Handle type(H5Tcopy(base));
  H5Tset_fields(type.id(), 15, 10, 5, 0, 10);
  H5Tset_size(type.id(), 2);
  H5Tset_ebias(type.id(), 15);
  return type;
}

thread_local bool lacks_memory = false;

herr_t look_for_memory(unsigned, const H5E_error2_t* error, void*) {
  if (error->min_num == H5E_NOSPACE || error->min_num == H5E_CANTALLOC) lacks_memory = true;
  return 0;
}

/// What HDF5 calls whenever one of its functions fails.
herr_t note_failure(hid_t errors, void*) {
  return H5Ewalk2(errors, H5E_WALK_UPWARD, look_for_memory, nullptr);
}

}  // namespace

Handle& Handle::operator=(Handle&& other) noexcept {
  std::swap(id_, other.id_);
  return *this;
}

bool Handle::close() {
  if (id_ >= 0 && H5Idec_ref(id_) < 0) return false;
  id_ = -1;
  return true;
}

Handle file_type(Type type) {
  switch (type) {
    case Type::float16:
      return half_type(H5T_IEEE_F32LE);
    case Type::float32:
      return Handle(H5Tcopy(H5T_IEEE_F32LE));
    case Type::float64:
      return Handle(H5Tcopy(H5T_IEEE_F64LE));
    case Type::uint64:
      return Handle(H5Tcopy(H5T_STD_U64LE));
    case Type::text:
      break;
  }
  return text_type(H5T_CSET_UTF8);
}

Handle memory_type(Type type) {
  switch (type) {
    case Type::float16:
      return half_type(H5T_NATIVE_FLOAT);
    case Type::float32:
      return Handle(H5Tcopy(H5T_NATIVE_FLOAT));
    case Type::float64:
      return Handle(H5Tcopy(H5T_NATIVE_DOUBLE));
    case Type::uint64:
      return Handle(H5Tcopy(H5T_NATIVE_UINT64));
    case Type::text:
      break;
  }
  return text_type(H5T_CSET_UTF8);
}

Handle text_type(int character_set) {
  Handle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.id(), H5T_VARIABLE);
  H5Tset_cset(type.id(), static_cast<H5T_cset_t>(character_set));
  return type;
}

std::string unpadded(std::string text, const Handle& type) {
  const bool spaces = H5Tget_strpad(type.id()) == H5T_STR_SPACEPAD;
  text.resize(spaces ? text.find_last_not_of(' ') + 1 : std::min(text.find('\0'), text.size()));
  return text;
}

Handle file_access() {
  H5Eset_auto2(H5E_DEFAULT, note_failure, nullptr);
  lacks_memory = false;  // on a full disk HDF5 also says that there is no space
  Handle access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_libver_bounds(access.id(), H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
  H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG);
  H5Pset_file_locking(access.id(), false, true);
  return access;
}

void require_memory() {
  if (std::exchange(lacks_memory, false)) throw std::bad_alloc();
}

Handle memory_access() {
  Handle access = file_access();
  H5Pset_fapl_core(access.id(), kImageGrowth, false);
  return access;
}

}  // namespace claptools::hdf5
