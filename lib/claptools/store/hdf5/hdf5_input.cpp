#include "claptools/store/hdf5/hdf5_input.hpp"

#include <fcntl.h>
#include <hdf5.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <span>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/system_reason.hpp"
#include "claptools/store/hdf5/file_in_hdf5.hpp"
#include "claptools/store/hdf5/hdf5_column.hpp"

namespace claptools::hdf5 {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20;
constexpr std::size_t kPrintedBytes = 200;                     // of the file's name
constexpr std::size_t kFixedTextLimit = std::size_t{1} << 16;  // HDF5's own limit of an attribute

int open_descriptor(const std::string& path) {
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (number < 0) throw Error(Fault::no_input, path, system_reason(errno));
  return number;
}

std::vector<char> read_to_end(int file, const std::string& subject) {
  std::vector<char> image;
  std::size_t size = 0;
  for (;;) {
    image.resize(size + kReadBytes);
    const ssize_t got = ::read(file, image.data() + size, kReadBytes);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(Fault::io, subject, system_reason(errno));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  image.resize(size);
  return image;
}

/// All of the bytes at a place within the file.
void read_bytes(int file, std::size_t at, std::span<char> bytes, const std::string& subject) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got =
        ::pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw Error(Fault::io, subject, failure_reason(got < 0 ? errno : kCutOff));
    done += static_cast<std::size_t>(got);
  }
}

/// HDF5 looks for its signature at 0, 512, 1024, 2048 ...; `read_at` gets 8 bytes there, or returns
/// false.
template <typename ReadAt>
bool has_signature(ReadAt read_at) {
  constexpr std::array<char, 8> kSignature{'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
  std::array<char, 8> bytes{};
  for (std::size_t at = 0; read_at(at, bytes); at = at == 0 ? 512 : at * 2) {
    if (bytes == kSignature) return true;
  }
  return false;
}

/// None if it cannot be read.
std::optional<std::string> read_text(const Handle& attribute, const Handle& type) {
  if (H5Tis_variable_str(type.id()) > 0) {
    char* text = nullptr;
    if (H5Aread(attribute.id(), text_type(H5Tget_cset(type.id())).id(), &text) < 0) return {};
    const std::string copy = text == nullptr ? "" : text;
    H5free_memory(text);
    return copy;
  }
  std::string text(H5Tget_size(type.id()), '\0');
  if (H5Aread(attribute.id(), type.id(), text.data()) < 0) return {};
  return unpadded(std::move(text), type);
}

herr_t add_name(hid_t, const char* name, const H5L_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

thread_local const char* file_in_use = nullptr;

}  // namespace

InHdf5::InHdf5(const std::string& file) noexcept
    : before_(std::exchange(file_in_use, file.c_str())) {}
InHdf5::~InHdf5() { file_in_use = before_; }

Input::Opened::~Opened() {
  if (number >= 0) ::close(number);
}

Input::Input(const std::string& path)
    : subject_(path == "-" ? "standard input" : path),
      printable_(shorten(escape_controls(subject_), kPrintedBytes)) {
  if (path != "-") opened_.number = open_descriptor(path);
  const int descriptor = path == "-" ? STDIN_FILENO : opened_.number;
  struct stat status {};
  if (fstat(descriptor, &status) != 0 || S_ISDIR(status.st_mode)) {
    throw Error(Fault::no_input, subject_, "is not a file");
  }
  if (path != "-" && S_ISREG(status.st_mode)) {
    bytes_ = static_cast<std::size_t>(status.st_size);
    source_.descriptor = descriptor;
  } else {
    image_ = read_to_end(descriptor, subject_);
    bytes_ = image_.size();
    source_.image = std::as_bytes(std::span(image_));
  }
  if (!has_signature([&](std::size_t at, std::span<char> to) { return take(at, to); })) {
    throw Error(Fault::data, subject_, "not an HDF5 file");
  }
  const InHdf5 scope = in_hdf5();
  const Handle access = sink_access(source_);
  file_ = Handle(H5Fopen(subject_.c_str(), H5F_ACC_RDONLY, access.id()));
  if (file_.id() < 0) fail("cut off or damaged HDF5 file");
}

Input::~Input() {
  const InHdf5 scope = in_hdf5();
  file_ = Handle();
}

bool Input::take(std::size_t at, std::span<char> to) const {
  if (at + to.size() > bytes_) return false;
  if (source_.descriptor >= 0) {
    read_bytes(source_.descriptor, at, to, subject_);
  } else {
    std::memcpy(to.data(), image_.data() + at, to.size());
  }
  return true;
}

void Input::fail(std::string_view reason) const {
  require_read();
  throw Error(Fault::data, subject_, reason);
}

void Input::require_read() const {
  if (source_.error != 0) throw Error(Fault::io, subject_, failure_reason(source_.error));
  require_memory();
}

std::optional<std::string> Input::text(const std::string& object, const std::string& name) const {
  const InHdf5 scope = in_hdf5();
  const Handle value = attribute(object, name);
  if (value.id() < 0) return std::nullopt;
  const Handle type(H5Aget_type(value.id()));
  const bool fits = H5Tis_variable_str(type.id()) > 0 || H5Tget_size(type.id()) <= kFixedTextLimit;
  std::optional<std::string> text;
  if (H5Tget_class(type.id()) == H5T_STRING && fits) text = read_text(value, type);
  if (!text) fail("attribute '" + name + "' is not a text");
  require_read();
  return text;
}

std::optional<std::int64_t> Input::integer(const std::string& object,
                                           const std::string& name) const {
  const InHdf5 scope = in_hdf5();
  const Handle value = attribute(object, name);
  if (value.id() < 0) return std::nullopt;
  const H5T_class_t kind = H5Tget_class(Handle(H5Aget_type(value.id())).id());
  std::int64_t number = 0;
  if ((kind != H5T_INTEGER && kind != H5T_ENUM) ||
      H5Aread(value.id(), H5T_NATIVE_INT64, &number) < 0) {
    fail("attribute '" + name + "' is not an integer");
  }
  require_read();
  return number;
}

std::optional<double> Input::number(const std::string& object, const std::string& name) const {
  const InHdf5 scope = in_hdf5();
  const Handle value = attribute(object, name);
  if (value.id() < 0) return std::nullopt;
  const H5T_class_t kind = H5Tget_class(Handle(H5Aget_type(value.id())).id());
  double number = 0;
  if ((kind != H5T_FLOAT && kind != H5T_INTEGER) ||
      H5Aread(value.id(), H5T_NATIVE_DOUBLE, &number) < 0 || !std::isfinite(number)) {
    fail("attribute '" + name + "' is not a number");
  }
  require_read();
  return number;
}

bool Input::has(const std::string& object) const {
  const InHdf5 scope = in_hdf5();
  for (std::size_t end = 0; end != std::string::npos;) {
    end = object.find('/', end + 1);
    const bool exists = H5Lexists(file_.id(), object.substr(0, end).c_str(), H5P_DEFAULT) > 0;
    require_read();
    if (!exists) return false;
  }
  return true;
}

std::vector<std::string> Input::members(const std::string& group) const {
  const InHdf5 scope = in_hdf5();
  require_hard_links(group);
  const Handle opened(H5Gopen2(file_.id(), group.c_str(), H5P_DEFAULT));
  if (opened.id() < 0) fail("'" + group + "' is not a group");
  const Handle properties(H5Gget_create_plist(opened.id()));
  unsigned order = 0;
  H5Pget_link_creation_order(properties.id(), &order);
  const H5_index_t index =
      (order & H5P_CRT_ORDER_TRACKED) != 0 ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
  std::vector<std::string> names;
  if (H5Literate(opened.id(), index, H5_ITER_INC, nullptr, add_name, &names) < 0) {
    fail("group '" + group + "' is damaged");
  }
  require_read();
  return names;
}

Column Input::column(const std::string& name, Storage storage) const {
  const InHdf5 scope = in_hdf5();
  if (!has(name)) fail("has no dataset '" + name + "'");
  require_hard_links(name);
  Column column(*this, name, Handle(H5Dopen2(file_.id(), name.c_str(), H5P_DEFAULT)), storage);
  const Handle access = column.access();
  column.id_ = Handle();  // the first who has it open decides on the cache
  column.id_ = Handle(H5Dopen2(file_.id(), name.c_str(), access.id()));
  require_read();
  return column;
}

Handle Input::attribute(const std::string& object, const std::string& name) const {
  if (object != "/") {
    if (!has(object)) return Handle();
    require_hard_links(object);
  }
  const bool exists = H5Aexists_by_name(file_.id(), object.c_str(), name.c_str(), H5P_DEFAULT) > 0;
  require_read();
  if (!exists) return Handle();
  Handle value(H5Aopen_by_name(file_.id(), object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT));
  if (H5Sget_simple_extent_npoints(Handle(H5Aget_space(value.id())).id()) != 1) {
    fail("attribute '" + name + "' is not a single value");
  }
  return value;
}

void Input::require_hard_links(const std::string& object) const {
  for (std::size_t end = 0; end != std::string::npos;) {
    end = object.find('/', end + 1);
    H5L_info_t link{};
    const std::string part = object.substr(0, end);
    if (H5Lget_info(file_.id(), part.c_str(), &link, H5P_DEFAULT) < 0 ||
        link.type != H5L_TYPE_HARD) {
      fail("'" + part + "' is a link, not part of the file");
    }
  }
}

}  // namespace claptools::hdf5

const char* claptools::file_in_hdf5() noexcept { return hdf5::file_in_use; }
