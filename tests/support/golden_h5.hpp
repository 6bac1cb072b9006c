#pragma once

#include <hdf5.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace claptools::testing {

/// A tensor of the golden files: a whole one, or every stride-th element of the flattened one.
struct Golden {
  std::vector<float> data;         ///< flat[::stride], row-major
  std::vector<std::size_t> shape;  ///< of the whole tensor
  std::size_t stride = 1;
  double fp64_maxabs = std::numeric_limits<double>::quiet_NaN();  ///< noise floor; NaN if not given
};

/// Largest |whole - golden| over the elements kept, or infinity where the sizes disagree or a value
/// is NaN.
inline double max_abs_difference(std::span<const float> whole, const Golden& golden) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::size_t size = 1;
  for (const std::size_t extent : golden.shape) size *= extent;
  const std::size_t kept = (size + golden.stride - 1) / golden.stride;
  if (whole.size() != size || golden.data.size() != kept) return kInfinity;
  double worst = 0;
  for (std::size_t i = 0; i < kept; ++i) {
    const double difference = std::abs(double{whole[i * golden.stride]} - golden.data[i]);
    if (!(difference <= worst)) worst = std::isnan(difference) ? kInfinity : difference;
  }
  return worst;
}

/// Reads an HDF5 file of golden data. Names are paths such as "dog/cls/00_wav"; "/" is the root.
/// A test links PkgConfig::HDF5. Every function throws std::runtime_error for what is not there.
class GoldenFile {
 public:
  explicit GoldenFile(const std::string& path)
      : file_(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, path) {}

  bool contains(const std::string& name) const {
    std::size_t end = 0;
    do {  // HDF5 asks for every intermediate group to exist
      end = name.find('/', end + 1);
      if (H5Lexists(file_.id(), name.substr(0, end).c_str(), H5P_DEFAULT) <= 0) return false;
    } while (end != std::string::npos);
    return true;
  }

  /// Member names of a group, in byte order.
  std::vector<std::string> list(const std::string& group) const {
    const Handle handle(H5Gopen2(file_.id(), group.c_str(), H5P_DEFAULT), H5Gclose, group);
    std::vector<std::string> names;
    const auto add = [](hid_t, const char* name, const H5L_info_t*, void* out) -> herr_t {
      static_cast<std::vector<std::string>*>(out)->emplace_back(name);
      return 0;
    };
    H5Literate(handle.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names);
    return names;
  }

  bool is_group(const std::string& name) const {
    const Handle object(H5Oopen(file_.id(), name.c_str(), H5P_DEFAULT), H5Oclose, name);
    return H5Iget_type(object.id()) == H5I_GROUP;
  }

  Golden tensor(const std::string& name) const {
    Golden golden{read_dataset<float>(name, H5T_NATIVE_FLOAT), shape(name)};
    if (has_attribute(name, "shape")) {
      golden.shape.clear();
      for (const double extent : attribute(name, "shape")) {
        golden.shape.push_back(static_cast<std::size_t>(extent));
      }
    }
    if (has_attribute(name, "stride")) {
      golden.stride = static_cast<std::size_t>(attribute(name, "stride").at(0));
    }
    if (has_attribute(name, "fp64_maxabs")) {
      golden.fp64_maxabs = attribute(name, "fp64_maxabs").at(0);
    }
    return golden;
  }

  /// Extents of a dataset as stored; empty for a scalar.
  std::vector<std::size_t> shape(const std::string& name) const {
    const Handle dataset(H5Dopen2(file_.id(), name.c_str(), H5P_DEFAULT), H5Dclose, name);
    const Handle space(H5Dget_space(dataset.id()), H5Sclose, name);
    std::vector<hsize_t> extents(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space.id())));
    H5Sget_simple_extent_dims(space.id(), extents.data(), nullptr);
    return {extents.begin(), extents.end()};
  }

  /// Datasets of any numeric type, flattened row-major.
  std::vector<double> doubles(const std::string& name) const {
    return read_dataset<double>(name, H5T_NATIVE_DOUBLE);
  }
  std::vector<std::int64_t> ints(const std::string& name) const {
    return read_dataset<std::int64_t>(name, H5T_NATIVE_INT64);
  }

  /// A dataset of strings (fixed or variable length).
  std::vector<std::string> strings(const std::string& name) const {
    const Handle dataset(H5Dopen2(file_.id(), name.c_str(), H5P_DEFAULT), H5Dclose, name);
    const Handle type(H5Dget_type(dataset.id()), H5Tclose, name);
    const Handle space(H5Dget_space(dataset.id()), H5Sclose, name);
    return read_strings(type.id(), space.id(), name, [&](hid_t memory, void* out) {
      return H5Dread(dataset.id(), memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, out);
    });
  }

  bool has_attribute(const std::string& object, const std::string& name) const {
    return H5Aexists_by_name(file_.id(), object.c_str(), name.c_str(), H5P_DEFAULT) > 0;
  }

  /// A numeric attribute of a group or dataset: one element for a scalar.
  std::vector<double> attribute(const std::string& object, const std::string& name) const {
    const Handle handle = open_attribute(object, name);
    const Handle space(H5Aget_space(handle.id()), H5Sclose, name);
    std::vector<double> values(count(space.id()));
    check(H5Aread(handle.id(), H5T_NATIVE_DOUBLE, values.data()), object + "@" + name);
    return values;
  }

  /// A string attribute of a group or dataset: one element for a scalar.
  std::vector<std::string> string_attribute(const std::string& object,
                                            const std::string& name) const {
    const Handle handle = open_attribute(object, name);
    const Handle type(H5Aget_type(handle.id()), H5Tclose, name);
    const Handle space(H5Aget_space(handle.id()), H5Sclose, name);
    return read_strings(type.id(), space.id(), name,
                        [&](hid_t memory, void* out) { return H5Aread(handle.id(), memory, out); });
  }

 private:
  static void check(std::int64_t result, const std::string& what) {
    if (result < 0) throw std::runtime_error("golden file: cannot read " + what);
  }

  class Handle {
   public:
    Handle(hid_t id, herr_t (*close)(hid_t), const std::string& what) : id_(id), close_(close) {
      check(id, what);
    }
    Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
    Handle& operator=(Handle&&) = delete;
    ~Handle() {
      if (id_ >= 0) close_(id_);
    }
    hid_t id() const { return id_; }

   private:
    hid_t id_;
    herr_t (*close_)(hid_t);
  };

  static std::size_t count(hid_t space) {
    return static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
  }

  Handle open_attribute(const std::string& object, const std::string& name) const {
    return {H5Aopen_by_name(file_.id(), object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
            H5Aclose, object + "@" + name};
  }

  template <typename T>
  std::vector<T> read_dataset(const std::string& name, hid_t type) const {
    const Handle dataset(H5Dopen2(file_.id(), name.c_str(), H5P_DEFAULT), H5Dclose, name);
    const Handle space(H5Dget_space(dataset.id()), H5Sclose, name);
    std::vector<T> values(count(space.id()));
    check(H5Dread(dataset.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), name);
    return values;
  }

  template <typename Read>
  static std::vector<std::string> read_strings(hid_t type, hid_t space, const std::string& name,
                                               const Read& read) {
    std::vector<std::string> values;
    if (H5Tis_variable_str(type) > 0) {
      std::vector<char*> pointers(count(space));
      check(read(type, pointers.data()), name);
      for (const char* text : pointers) values.emplace_back(text ? text : "");
      H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data());
    } else {
      const std::size_t width = H5Tget_size(type);
      std::vector<char> bytes(count(space) * width);
      check(read(type, bytes.data()), name);
      for (std::size_t i = 0; i < bytes.size(); i += width) {
        const std::string field(bytes.data() + i, width);
        values.push_back(field.substr(0, field.find('\0')));
      }
    }
    return values;
  }

  Handle file_;
};

}  // namespace claptools::testing
