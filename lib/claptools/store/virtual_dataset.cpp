#include "claptools/store/virtual_dataset.hpp"

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "claptools/core/files/output_path.hpp"
#include "claptools/store/hdf5/hdf5_column.hpp"

namespace claptools::hdf5 {
namespace {

namespace fs = std::filesystem;

/// A text that HDF5 gives in two calls: its length, then itself.
template <typename Get>
std::string text_of(Get get) {
  const ssize_t size = get(nullptr, 0);
  if (size <= 0) return {};
  std::string text(static_cast<std::size_t>(size) + 1, '\0');
  get(text.data(), text.size());
  text.pop_back();
  return text;
}

/// Rows [first, first + rows) with all their columns, or nothing if it is another selection.
struct Rows {
  std::size_t first = 0, rows = 0, columns = 0;
};

std::optional<Rows> rows_of(const Handle& space) {
  std::array<hsize_t, 2> low{}, high{};
  if (H5Sget_simple_extent_ndims(space.id()) != 2 ||
      H5Sget_select_bounds(space.id(), low.data(), high.data()) < 0)
    return std::nullopt;
  const Rows rows{low[0], high[0] - low[0] + 1, high[1] + 1};
  std::size_t values = 0;
  const bool whole = low[1] == 0 && !__builtin_mul_overflow(rows.rows, rows.columns, &values) &&
                     H5Sget_select_npoints(space.id()) == static_cast<hssize_t>(values);
  return whole ? std::optional(rows) : std::nullopt;
}

}  // namespace

struct VirtualDataset::Opened {
  Opened(std::size_t number_, const std::string& path, const std::string& name)
      : number(number_), input(path), column(input.column(name)) {}

  std::size_t number;
  Input input;
  Column column;
};

std::string source_name(const std::string& file, const std::string& path) {
  std::error_code failed;
  const fs::path folder = fs::canonical(folder_of(path), failed);
  if (failed) throw Error(Fault::cannot_create, path, failed.message());
  const fs::path whole = fs::canonical(file, failed);
  if (failed) throw Error(Fault::no_input, file, failed.message());
  const fs::path relative = whole.lexically_relative(folder);
  return (relative.empty() || *relative.begin() == ".." ? whole : relative).native();
}

std::string escape_source(std::string_view name) {
  std::string escaped;
  for (const char c : name) escaped.append(c == '%' ? 2 : 1, c);
  return escaped;
}

VirtualDataset::VirtualDataset(const Input& input, std::string name, Id properties)
    : input_(&input), name_(std::move(name)) {
  std::size_t count = 0;
  if (!input.has(kSourceFiles) || H5Pget_virtual_count(properties, &count) < 0) refuse();
  const std::vector<std::string> names = input.column(kSourceFiles).texts();
  const Column sums = input.column(kSourceSums);
  sums.require_rows(names.size());
  const std::vector<std::uint64_t> all_sums = sums.integers();
  std::size_t next = 0;
  for (std::size_t i = 0; i < count; ++i, ++next) {
    const auto file = text_of([&](char* text, std::size_t size) {
      return H5Pget_virtual_filename(properties, i, text, size);
    });
    while (next < names.size() && escape_source(names[next]) != file) ++next;
    if (next == names.size()) refuse();
    add(properties, i, names[next]);
    sums_.push_back(all_sums[next]);
  }
}

VirtualDataset::VirtualDataset(VirtualDataset&&) noexcept = default;
VirtualDataset& VirtualDataset::operator=(VirtualDataset&&) noexcept = default;
VirtualDataset::~VirtualDataset() = default;

void VirtualDataset::add(Id properties, std::size_t number, const std::string& name) {
  const auto dataset = text_of([&](char* text, std::size_t size) {
    return H5Pget_virtual_dsetname(properties, number, text, size);
  });
  const auto here = rows_of(Handle(H5Pget_virtual_vspace(properties, number)));
  const auto there = rows_of(Handle(H5Pget_virtual_srcspace(properties, number)));
  const std::size_t before = sources_.empty() ? 0 : sources_.back().first + sources_.back().rows;
  if (dataset != name_ || !here || !there || here->first != before || there->first != 0 ||
      there->rows != here->rows || there->columns != here->columns ||
      (number > 0 && here->columns != columns_))
    refuse();
  columns_ = here->columns;
  sources_.push_back({name, before, here->rows});
}

void VirtualDataset::refuse() const { input_->fail("dataset '" + name_ + "' lies in other files"); }

std::string VirtualDataset::path_of(const Source& source) const {
  return (fs::path(input_->subject()).parent_path() / source.name).native();
}

const Column& VirtualDataset::open(std::size_t number) const {
  if (opened_ && opened_->number == number) return opened_->column;
  const Source& source = sources_[number];
  const std::string path = path_of(source);
  std::error_code code;
  if (!fs::is_regular_file(path, code))
    input_->fail("its rows lie in " + path + ", and there is no such file");
  opened_.reset();
  auto opened = std::make_unique<Opened>(number, path, name_);
  const Column sums = opened->input.column("checksums/crc32");
  // Each time, as the caller's memory is of this shape.
  if (opened->column.shape() != std::vector{source.rows, columns_} ||
      sums.checksum(0, sums.rows()) != sums_[number])
    input_->fail("its rows lie in " + path + ", which is not the file that it was made of");
  opened_ = std::move(opened);
  return opened_->column;
}

void VirtualDataset::check(const Column& whole) {
  const std::size_t rows = sources_.empty() ? 0 : sources_.back().first + sources_.back().rows;
  const bool fits = sources_.empty() || whole.row_values() == columns_;
  if (rows != whole.rows() || !fits)
    input_->fail("dataset '" + name_ + "' claims more than its files hold");
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (!open(i).is_like(whole))
      input_->fail("its rows lie in " + path_of(sources_[i]) + ", which holds others");
  }
}

void VirtualDataset::read(Id type, std::size_t row_bytes, std::size_t first, std::size_t count,
                          void* values) const {
  auto* to = static_cast<std::byte*>(values);
  for (std::size_t i = 0; i < sources_.size() && count > 0; ++i) {
    const std::size_t from = first - sources_[i].first;
    if (from >= sources_[i].rows) continue;
    const std::size_t taken = std::min(count, sources_[i].rows - from);
    open(i).read(type, from, taken, to, H5P_DEFAULT);
    to += taken * row_bytes;
    first += taken;
    count -= taken;
  }
}

}  // namespace claptools::hdf5
