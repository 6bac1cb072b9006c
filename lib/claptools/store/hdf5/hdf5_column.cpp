#include "claptools/store/hdf5/hdf5_column.hpp"

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <new>
#include <numeric>
#include <span>

#include "claptools/core/crc32.hpp"
#include "claptools/core/half.hpp"

namespace claptools::hdf5 {
namespace {

constexpr int kMaxRank = 3;
constexpr std::size_t kBlockRows = std::size_t{1} << 16;
constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
constexpr std::size_t kChunkBytes = std::size_t{1} << 30;                 // HDF5 loads whole chunks
constexpr std::size_t kOwnCache = std::size_t{1} << 20, kOwnSlots = 521;  // what HDF5 gives a set
constexpr std::size_t kDeflateRatio = 1100;                               // the format reaches 1032
constexpr std::size_t kTextReference = 12;  // at least, of a variable-length string

/// Memory for the strings of one read, never more than the file could hold.
struct TextArena {
  std::size_t left;
  std::vector<std::unique_ptr<char[]>> blocks;

  static void* allocate(std::size_t size, void* self) {
    auto& arena = *static_cast<TextArena*>(self);
    if (size > arena.left) return nullptr;
    arena.left -= size;
    return arena.blocks.emplace_back(new (std::nothrow) char[size]).get();
  }
  static void release(void*, void*) {}
};

bool is_float_type(hid_t type) {
  const std::array<hid_t, 4> known{H5T_IEEE_F32LE, H5T_IEEE_F32BE, H5T_IEEE_F64LE, H5T_IEEE_F64BE};
  return std::ranges::any_of(known, [&](hid_t one) { return H5Tequal(type, one) > 0; });
}

}  // namespace

Column::Column(const Input& input, const std::string& name, Handle id, Storage storage)
    : input_(&input), name_(name), id_(std::move(id)) {
  if (id_.id() < 0) fail("is damaged or not a dataset");
  const bool deflated = check_layout(storage);
  read_shape();
  sources_ ? sources_->check(*this) : check_size(deflated);
}

void Column::fail(std::string_view reason) const {
  input_->fail("dataset '" + name_ + "' " + std::string(reason));
}

/// Before anything else is asked of a dataset: one that lies in other files would make HDF5 open
/// them, and an unknown filter a plug-in.
bool Column::check_layout(Storage storage) {
  const Handle properties(H5Dget_create_plist(id_.id()));
  const H5D_layout_t layout = H5Pget_layout(properties.id());
  if (layout < 0) fail("is damaged");
  const bool is_virtual = layout == H5D_VIRTUAL;
  if ((is_virtual && storage == Storage::own) || H5Pget_external_count(properties.id()) != 0) {
    fail("lies in other files");
  }
  if (is_virtual) sources_.emplace(*input_, name_, properties.id());
  bool deflated = false;
  const int filters = H5Pget_nfilters(properties.id());
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0;
    std::size_t values = 0;
    const H5Z_filter_t filter = H5Pget_filter2(properties.id(), static_cast<unsigned>(i), &flags,
                                               &values, nullptr, 0, nullptr, nullptr);
    if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE) {
      fail("uses a filter other than gzip and shuffle");
    }
    deflated = deflated || filter == H5Z_FILTER_DEFLATE;
  }
  return deflated;
}

void Column::read_shape() {
  type_ = Handle(H5Dget_type(id_.id()));
  const Handle space(H5Dget_space(id_.id()));
  const int rank = H5Sget_simple_extent_ndims(space.id());
  if (rank < 0 || rank > kMaxRank) fail("has rank " + std::to_string(rank));
  std::array<hsize_t, kMaxRank> size{1};
  H5Sget_simple_extent_dims(space.id(), size.data(), nullptr);
  shape_.assign(size.begin(), size.begin() + std::max(rank, 1));
}

/// A few bytes of header can claim 2^60 rows: believe only what the stored bytes can hold.
void Column::check_size(bool deflated) const {
  const bool variable = H5Tis_variable_str(type_.id()) > 0;
  std::size_t bytes = variable ? kTextReference : H5Tget_size(type_.id());
  bool overflow = bytes == 0;
  for (const std::size_t size : shape_) overflow |= __builtin_mul_overflow(bytes, size, &bytes);
  const std::size_t stored = H5Dget_storage_size(id_.id());
  const std::size_t held = deflated ? stored * kDeflateRatio : stored;
  if (overflow || stored > input_->bytes() || bytes > held) fail("claims more than the file holds");

  if (chunk_bytes() > kChunkBytes) fail("has chunks above 1 GiB");
}

/// The largest number where it has no meaning.
std::size_t Column::chunk_bytes() const {
  const Handle properties(H5Dget_create_plist(id_.id()));
  if (H5Pget_layout(properties.id()) != H5D_CHUNKED) return 0;
  std::array<hsize_t, kMaxRank> chunk{};
  const int rank = H5Pget_chunk(properties.id(), kMaxRank, chunk.data());
  std::size_t bytes = H5Tget_size(type_.id());
  bool overflow = false;
  for (int i = 0; i < rank; ++i) overflow |= __builtin_mul_overflow(bytes, chunk[i], &bytes);
  return overflow ? static_cast<std::size_t>(-1) : bytes;
}

/// How many chunks the values of one row lie in.
std::size_t Column::chunks_abreast() const {
  const Handle properties(H5Dget_create_plist(id_.id()));
  std::array<hsize_t, kMaxRank> chunk{};
  const int rank = H5Pget_chunk(properties.id(), kMaxRank, chunk.data());
  std::size_t count = 1;
  for (std::size_t i = 1; i < shape_.size() && static_cast<int>(i) < rank; ++i)
    count *= (shape_[i] - 1) / std::max<std::size_t>(chunk[i], 1) + 1;
  return count;
}

/// HDF5 unpacks a whole chunk for each read of some of its rows, unless its cache holds it: the
/// cache that the dataset is to be opened with. Chunks that are not packed are read in part.
Handle Column::access() const {
  Handle access(H5Pcreate(H5P_DATASET_ACCESS));
  const Handle properties(H5Dget_create_plist(id_.id()));
  const std::size_t bytes = chunk_bytes();
  if (bytes == 0 || H5Pget_nfilters(properties.id()) <= 0) return access;
  const std::size_t abreast = chunks_abreast();
  if (abreast <= kChunkBytes / bytes && abreast * bytes > kOwnCache)
    H5Pset_chunk_cache(access.id(), std::max(kOwnSlots, 2 * abreast + 1), abreast * bytes,
                       H5D_CHUNK_CACHE_W0_DEFAULT);
  return access;
}

std::size_t Column::row_values() const {
  return std::accumulate(shape_.begin() + 1, shape_.end(), std::size_t{1}, std::multiplies<>());
}

bool Column::is_half() const { return H5Tequal(type_.id(), file_type(Type::float16).id()) > 0; }

bool Column::is_like(const Column& other) const {
  return H5Tequal(type_.id(), other.type_.id()) > 0;
}

void Column::require_rank(std::size_t rank, std::string_view expected) const {
  if (shape_.size() == rank) return;
  fail("has rank " + std::to_string(shape_.size()) + ", not " + std::to_string(rank) + ": " +
       std::string(expected));
}

void Column::require_rows(std::size_t rows) const {
  require_rank(1, "one value per row");
  if (shape_[0] == rows) return;
  fail("has " + std::to_string(shape_[0]) + " rows, not " + std::to_string(rows));
}

std::vector<std::string> Column::texts() const {
  require_rank(1, "one text per row");
  if (H5Tget_class(type_.id()) != H5T_STRING) fail("does not hold text");
  const bool variable = H5Tis_variable_str(type_.id()) > 0;
  const std::size_t block =
      variable ? kBlockRows : std::max<std::size_t>(kBlockBytes / H5Tget_size(type_.id()), 1);
  std::vector<std::string> out;
  out.reserve(rows());
  for (std::size_t first = 0; first < rows(); first += block) {
    const std::size_t count = std::min(block, rows() - first);
    variable ? variable_texts(first, count, out) : fixed_texts(first, count, out);
  }
  return out;
}

void Column::fixed_texts(std::size_t first, std::size_t count,
                         std::vector<std::string>& out) const {
  const std::size_t size = H5Tget_size(type_.id());
  std::string bytes(size * count, '\0');
  read(type_.id(), first, count, bytes.data(), H5P_DEFAULT);
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(unpadded(bytes.substr(i * size, size), type_));
}

void Column::variable_texts(std::size_t first, std::size_t count,
                            std::vector<std::string>& out) const {
  TextArena arena{input_->bytes() + count, {}};
  const Handle transfer(H5Pcreate(H5P_DATASET_XFER));
  H5Pset_vlen_mem_manager(transfer.id(), TextArena::allocate, &arena, TextArena::release, &arena);
  std::vector<char*> texts(count);
  read(text_type(H5Tget_cset(type_.id())).id(), first, count, texts.data(), transfer.id());
  for (const char* text : texts) out.emplace_back(text == nullptr ? "" : text);
}

std::vector<double> Column::numbers() const {
  if (!is_float_type(type_.id())) fail("does not hold floating-point numbers");
  require_rank(1, "one number per row");
  std::vector<double> out(rows());
  read(H5T_NATIVE_DOUBLE, 0, rows(), out.data(), H5P_DEFAULT);
  return out;
}

std::vector<std::uint64_t> Column::integers() const {
  if (H5Tget_class(type_.id()) != H5T_INTEGER) fail("does not hold integers");
  require_rank(1, "one number per row");
  std::vector<std::uint64_t> out(rows());
  read(H5T_NATIVE_UINT64, 0, rows(), out.data(), H5P_DEFAULT);
  return out;
}

std::uint32_t Column::checksum(std::size_t first, std::size_t count) const {
  std::string bytes;
  if (H5Tget_class(type_.id()) == H5T_STRING) {
    std::vector<std::string> values;
    if (H5Tis_variable_str(type_.id()) <= 0) fail("holds text of fixed length");
    variable_texts(first, count, values);
    for (const std::string& value : values) bytes.append(value.c_str(), value.size() + 1);
  } else {
    const Handle native = is_half() ? memory_type(Type::float16)
                                    : Handle(H5Tget_native_type(type_.id(), H5T_DIR_DEFAULT));
    bytes.resize(count * row_values() * H5Tget_size(native.id()));
    read(native.id(), first, count, bytes.data(), H5P_DEFAULT);
  }
  return crc32(std::as_bytes(std::span(bytes)));
}

std::vector<float> Column::floats(std::size_t first, std::size_t count) const {
  std::vector<float> out(count * row_values());
  if (is_half()) {
    std::vector<std::uint16_t> halves(out.size());
    read(memory_type(Type::float16).id(), first, count, halves.data(), H5P_DEFAULT);
    std::ranges::transform(halves, out.begin(), from_half);
  } else if (is_float_type(type_.id())) {
    read(H5T_NATIVE_FLOAT, first, count, out.data(), H5P_DEFAULT);
  } else {
    fail("does not hold floating-point numbers");
  }
  return out;
}

bool Column::is_double() const {
  return H5Tget_class(type_.id()) == H5T_INTEGER ||
         (is_float_type(type_.id()) && H5Tget_size(type_.id()) == sizeof(double));
}

std::vector<double> Column::doubles(std::size_t first, std::size_t count) const {
  constexpr double kExact = 0x1p53;  // beyond it float64 skips integers
  if (!is_double()) {
    const std::vector<float> values = floats(first, count);
    return {values.begin(), values.end()};
  }
  std::vector<double> out(count * row_values());
  read(H5T_NATIVE_DOUBLE, first, count, out.data(), H5P_DEFAULT);
  if (H5Tget_class(type_.id()) == H5T_INTEGER &&
      std::ranges::any_of(out, [](double x) { return std::abs(x) >= kExact; })) {
    fail("holds integers of 2^53 or more, which float64 would round");
  }
  return out;
}

void Column::read(Id type, std::size_t first, std::size_t count, void* values, Id transfer) const {
  if (count == 0) return;
  if (sources_) return sources_->read(type, H5Tget_size(type) * row_values(), first, count, values);
  const InHdf5 scope = input_->in_hdf5();
  std::array<hsize_t, kMaxRank> start{first};
  std::array<hsize_t, kMaxRank> size{};
  std::ranges::copy(shape_, size.begin());
  size[0] = count;
  const Handle in_file(H5Dget_space(id_.id()));
  const Handle in_memory(H5Screate_simple(static_cast<int>(shape_.size()), size.data(), nullptr));
  if (H5Sget_simple_extent_type(in_file.id()) != H5S_SCALAR) {  // which is selected as it is
    H5Sselect_hyperslab(in_file.id(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr);
  }
  if (H5Dread(id_.id(), type, in_memory.id(), in_file.id(), transfer, values) < 0) {
    fail("cannot be read; the file is damaged");
  }
  input_->require_read();
}

}  // namespace claptools::hdf5
