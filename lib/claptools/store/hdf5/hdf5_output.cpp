#include "claptools/store/hdf5/hdf5_output.hpp"

#include <hdf5.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include "claptools/core/crc32.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/half.hpp"
#include "claptools/core/system_reason.hpp"
#include "claptools/store/hdf5/own_file.hpp"

namespace claptools::hdf5 {
namespace {

/// Creation properties without times, which would make every file differ.
Handle creation(hid_t object_class) {
  Handle properties(H5Pcreate(object_class));
  H5Pset_obj_track_times(properties.id(), false);
  return properties;
}

Handle link_creation() {
  Handle properties(H5Pcreate(H5P_LINK_CREATE));
  H5Pset_char_encoding(properties.id(), H5T_CSET_UTF8);
  return properties;
}

void write_fully(int file, std::span<const std::byte> bytes, const std::string& subject) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw Error(Fault::io, subject, system_reason(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

}  // namespace

Output::Output(const std::string& path, bool overwrite)
    : subject_(path == "-" ? "standard output" : path) {
  if (path != "-") {
    if (overwrite) require_own_file(path);
    target_.emplace(path, overwrite);
    sink_.descriptor = target_->descriptor();
  }
  const Handle access = target_ ? sink_access(sink_) : memory_access();
  const Handle properties = creation(H5P_FILE_CREATE);
  file_ = Handle(H5Fcreate(subject_.c_str(), H5F_ACC_TRUNC, properties.id(), access.id()));
  check(file_.id());
  attribute("/", kComplete, std::int64_t{0});
}

void Output::check(Id result) const {
  if (sink_.error != 0) {
    throw Error(Fault::io, subject_, failure_reason(sink_.error));
  }
  if (result >= 0) return;
  require_memory();
  throw Error(Fault::io, subject_, "HDF5 cannot write the file");
}

void Output::require_storable(std::string_view text) const {
  const std::size_t end = text.find('\0');
  if (end == std::string_view::npos) return;
  throw Error(
      Fault::data, subject_,
      "text with a NUL byte cannot be stored, after '" + std::string(text.substr(0, end)) + "'");
}

void Output::attribute(const std::string& object, const std::string& name, const Value& value) {
  const Handle space(H5Screate(H5S_SCALAR));
  const auto put = [&](hid_t file_type, hid_t memory_type, const void* data) {
    const Handle attribute(H5Acreate_by_name(file_.id(), object.c_str(), name.c_str(), file_type,
                                             space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    check(attribute.id());
    check(H5Awrite(attribute.id(), memory_type, data));
  };
  if (const auto* text = std::get_if<std::string>(&value)) {
    require_storable(*text);
    const Handle type = text_type(H5T_CSET_UTF8);
    const char* data = text->c_str();
    put(type.id(), type.id(), &data);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    put(H5T_STD_I64LE, H5T_NATIVE_INT64, integer);
  } else {
    put(H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, std::get_if<double>(&value));
  }
}

void Output::group(const std::string& name) {
  const Handle properties = creation(H5P_GROUP_CREATE);
  H5Pset_link_creation_order(properties.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  const Handle links = link_creation();
  check(
      Handle(H5Gcreate2(file_.id(), name.c_str(), links.id(), properties.id(), H5P_DEFAULT)).id());
}

Dataset Output::dataset(const std::string& name, Type type, std::size_t columns,
                        std::size_t chunk_rows) {
  const int rank = columns == 0 ? 1 : 2;
  const std::array<hsize_t, 2> size{0, columns};
  const std::array<hsize_t, 2> limit{H5S_UNLIMITED, columns};
  const std::array<hsize_t, 2> chunk{std::max<std::size_t>(chunk_rows, 1), columns};
  const Handle space(H5Screate_simple(rank, size.data(), limit.data()));
  const Handle properties = creation(H5P_DATASET_CREATE);
  check(H5Pset_chunk(properties.id(), rank, chunk.data()));
  return create(name, type, columns, space, properties);
}

Dataset Output::virtual_dataset(const std::string& name, Type type, std::size_t columns,
                                std::span<const Source> sources) {
  const std::array<hsize_t, 2> size{sources.back().first + sources.back().rows, columns};
  const Handle space(H5Screate_simple(2, size.data(), nullptr));
  const Handle properties = creation(H5P_DATASET_CREATE);
  for (const Source& source : sources) {
    const std::array<hsize_t, 2> first{source.first, 0}, origin{}, part{source.rows, columns};
    const Handle here(H5Scopy(space.id())), there(H5Screate_simple(2, part.data(), nullptr));
    const auto select = [&](const Handle& in, const std::array<hsize_t, 2>& from) {
      H5Sselect_hyperslab(in.id(), H5S_SELECT_SET, from.data(), nullptr, part.data(), nullptr);
    };
    select(here, first);
    select(there, origin);  // "all" would not tell readers how much that is
    check(H5Pset_virtual(properties.id(), here.id(), escape_source(source.name).c_str(),
                         name.c_str(), there.id()));
  }
  Dataset made = create(name, type, columns, space, properties);
  made.elsewhere_ = true;
  return made;
}

Dataset Output::create(const std::string& name, Type type, std::size_t columns, const Handle& space,
                       const Handle& properties) {
  const Handle links = link_creation();
  Dataset made;
  made.output_ = this;
  made.number_ = datasets_.size();
  datasets_.push_back({name, 0});
  made.id_ = Handle(H5Dcreate2(file_.id(), name.c_str(), file_type(type).id(), space.id(),
                               links.id(), properties.id(), H5P_DEFAULT));
  check(made.id_.id());
  made.type_ = type;
  made.columns_ = columns;
  return made;
}

void Output::write_checksums() {
  keeps_checksums_ = false;
  group("checksums");
  write_column<std::string>(*this, "checksums/dataset", Type::text, checked_sets_);
  write_column<std::uint64_t>(*this, "checksums/rows", Type::uint64, checked_rows_);
  write_column<std::uint64_t>(*this, "checksums/crc32", Type::uint64, checksums_);
}

void Output::mark_complete() {
  const std::int64_t yes = 1;
  const Handle complete(H5Aopen(file_.id(), kComplete, H5P_DEFAULT));
  check(complete.id());
  check(H5Awrite(complete.id(), H5T_NATIVE_INT64, &yes));
}

void Output::commit() {
  if (keeps_checksums_) write_checksums();
  check(H5Fflush(file_.id(), H5F_SCOPE_GLOBAL));
  mark_complete();
  check(H5Fflush(file_.id(), H5F_SCOPE_GLOBAL));
  const std::vector<std::byte> bytes = target_ ? std::vector<std::byte>() : image();
  check(file_.close() ? 0 : -1);
  read_back({sink_.descriptor, bytes, 0, Handle()}, subject_, datasets_);
  if (target_) return target_->commit();
  write_fully(STDOUT_FILENO, bytes, subject_);
}

std::vector<std::byte> Output::image() const {
  const ssize_t size = H5Fget_file_image(file_.id(), nullptr, 0);
  check(size);
  std::vector<std::byte> image(static_cast<std::size_t>(size));
  check(H5Fget_file_image(file_.id(), image.data(), image.size()));
  return image;
}

void Dataset::append(std::span<const float> values) {
  if (type_ != Type::float16) return write(values.data(), values.size(), std::as_bytes(values));
  std::vector<std::uint16_t> halves(values.size());
  std::ranges::transform(values, halves.begin(), to_half);
  write(halves.data(), halves.size(), std::as_bytes(std::span(halves)));
}

void Dataset::append(std::span<const double> values) {
  write(values.data(), values.size(), std::as_bytes(values));
}

void Dataset::append(std::span<const std::uint64_t> values) {
  write(values.data(), values.size(), std::as_bytes(values));
}

void Dataset::append(std::span<const std::string> values) {
  std::vector<const char*> texts;
  texts.reserve(values.size());
  std::string bytes;
  for (const std::string& value : values) {
    output_->require_storable(value);
    texts.push_back(value.c_str());
    if (output_->keeps_checksums_) bytes.append(value.c_str(), value.size() + 1);
  }
  write(texts.data(), texts.size(), std::as_bytes(std::span(bytes)));
}

void Dataset::write(const void* values, std::size_t count, std::span<const std::byte> bytes) {
  if (count == 0) return;
  RowCount& written = output_->datasets_[number_];
  const int rank = columns_ == 0 ? 1 : 2;
  const std::array<hsize_t, 2> first{written.rows, 0};
  const std::array<hsize_t, 2> added{columns_ == 0 ? count : count / columns_, columns_};
  const std::array<hsize_t, 2> size{written.rows + added[0], columns_};
  if (!elsewhere_) {
    output_->check(H5Dset_extent(id_.id(), size.data()));
    const Handle in_file(H5Dget_space(id_.id()));
    const Handle in_memory(H5Screate_simple(rank, added.data(), nullptr));
    H5Sselect_hyperslab(in_file.id(), H5S_SELECT_SET, first.data(), nullptr, added.data(), nullptr);
    output_->check(H5Dwrite(id_.id(), memory_type(type_).id(), in_memory.id(), in_file.id(),
                            H5P_DEFAULT, values));
  }
  written.rows = size[0];
  if (!output_->keeps_checksums_) return;
  output_->checked_sets_.push_back(written.name);
  output_->checked_rows_.push_back(added[0]);
  output_->checksums_.push_back(crc32(bytes));
}

}  // namespace claptools::hdf5
