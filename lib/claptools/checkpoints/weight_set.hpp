#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace claptools {

enum class DType { f64, f32, f16, bf16, i64, i32, i16, i8, u8, boolean };

std::size_t item_size(DType dtype);
/// As safetensors spells it: "F32", "I64" ...
std::string_view dtype_name(DType dtype);
std::optional<DType> parse_dtype(std::string_view name);

/// A borrowed, contiguous, row-major tensor in little-endian bytes.
struct TensorView {
  DType dtype = DType::f32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;

  std::size_t numel() const { return bytes.size() / item_size(dtype); }
};

/// Named tensors, and the owner of their bytes.
struct WeightSet {
  std::map<std::string, TensorView> tensors;
  std::vector<std::shared_ptr<const void>> storage;

  /// Adds a tensor of its own; the bytes are moved in.
  void add(std::string name, DType dtype, std::vector<std::int64_t> shape,
           std::vector<std::byte> bytes);
};

/// A number of a floating-point tensor, as float32.
float float_at(const TensorView& view, std::size_t index);

/// Bytes that a tensor needs; none if the shape is negative or the product overflows.
std::optional<std::size_t> tensor_bytes(DType dtype, std::span<const std::int64_t> shape);

/// "[96, 1, 4, 4]", for messages.
std::string shape_text(std::span<const std::int64_t> shape);

}  // namespace claptools
