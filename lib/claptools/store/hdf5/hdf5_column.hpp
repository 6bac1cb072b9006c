#pragma once
// Internal to the room.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/store/hdf5/hdf5_input.hpp"
#include "claptools/store/virtual_dataset.hpp"

namespace claptools::hdf5 {

/// A dataset of one to three dimensions, or a scalar, which counts as one row; the Input must
/// outlive it.
class Column {
 public:
  const std::vector<std::size_t>& shape() const { return shape_; }
  std::size_t rows() const { return shape_[0]; }
  std::size_t row_values() const;  ///< elements of one row
  bool is_half() const;
  bool is_like(const Column& other) const;  ///< holds elements of the same type

  /// @throws Error{data} unless the shape has that rank, naming what it should be.
  void require_rank(std::size_t rank, std::string_view expected) const;
  /// @throws Error{data} unless 1-D with that many rows.
  void require_rows(std::size_t rows) const;

  /// All of a 1-D dataset.
  std::vector<std::string> texts() const;
  std::vector<double> numbers() const;
  std::vector<std::uint64_t> integers() const;

  /// CRC-32 of rows [first, first + count) as Output::keep_checksums tells it.
  std::uint32_t checksum(std::size_t first, std::size_t count) const;

  /// Rows [first, first + count) of a float dataset, row-major.
  std::vector<float> floats(std::size_t first, std::size_t count) const;

  /// Whether it holds numbers that float32 would round: float64 or integers.
  bool is_double() const;
  /// The same rows of any numbers. @throws Error{data} for integers that float64 would round, too.
  std::vector<double> doubles(std::size_t first, std::size_t count) const;

 private:
  friend class Input;
  friend class VirtualDataset;
  Column(const Input& input, const std::string& name, Handle id, Storage storage);
  [[noreturn]] void fail(std::string_view reason) const;
  bool check_layout(Storage storage);  // true if deflated
  void read_shape();
  void check_size(bool deflated) const;
  std::size_t chunk_bytes() const;  // 0 if there are none
  std::size_t chunks_abreast() const;
  Handle access() const;
  void fixed_texts(std::size_t first, std::size_t count, std::vector<std::string>& out) const;
  void variable_texts(std::size_t first, std::size_t count, std::vector<std::string>& out) const;
  void read(Id type, std::size_t first, std::size_t count, void* values, Id transfer) const;

  const Input* input_;
  std::string name_;
  Handle id_;
  Handle type_;
  std::vector<std::size_t> shape_;
  std::optional<VirtualDataset> sources_;  // where they lie in other files
};

}  // namespace claptools::hdf5
