#include "claptools/checkpoints/weight_set.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "claptools/core/half.hpp"

namespace claptools {
namespace {

struct DTypeRow {
  DType dtype;
  std::string_view name;
  std::size_t size;
};

constexpr std::array kDTypes = {
    DTypeRow{DType::f64, "F64", 8}, DTypeRow{DType::f32, "F32", 4},
    DTypeRow{DType::f16, "F16", 2}, DTypeRow{DType::bf16, "BF16", 2},
    DTypeRow{DType::i64, "I64", 8}, DTypeRow{DType::i32, "I32", 4},
    DTypeRow{DType::i16, "I16", 2}, DTypeRow{DType::i8, "I8", 1},
    DTypeRow{DType::u8, "U8", 1},   DTypeRow{DType::boolean, "BOOL", 1},
};

const DTypeRow& row_of(DType dtype) { return kDTypes[static_cast<std::size_t>(dtype)]; }

template <class T>
T load(const TensorView& view, std::size_t i) {
  T value;
  std::memcpy(&value, view.bytes.data() + i * sizeof value, sizeof value);
  return value;
}

}  // namespace

std::size_t item_size(DType dtype) { return row_of(dtype).size; }

std::string_view dtype_name(DType dtype) { return row_of(dtype).name; }

std::optional<DType> parse_dtype(std::string_view name) {
  for (const DTypeRow& row : kDTypes) {
    if (row.name == name) return row.dtype;
  }
  return std::nullopt;
}

void WeightSet::add(std::string name, DType dtype, std::vector<std::int64_t> shape,
                    std::vector<std::byte> bytes) {
  auto owned = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  tensors[std::move(name)] = TensorView{dtype, std::move(shape), *owned};
  storage.push_back(std::move(owned));
}

float float_at(const TensorView& view, std::size_t index) {
  if (view.dtype == DType::f64) return static_cast<float>(load<double>(view, index));
  if (view.dtype == DType::f32) return load<float>(view, index);
  if (view.dtype == DType::f16) return from_half(load<std::uint16_t>(view, index));
  return std::bit_cast<float>(std::uint32_t{load<std::uint16_t>(view, index)} << 16);
}

std::optional<std::size_t> tensor_bytes(DType dtype, std::span<const std::int64_t> shape) {
  std::size_t bytes = item_size(dtype);
  for (const std::int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(bytes, static_cast<std::size_t>(size), &bytes)) {
      return std::nullopt;
    }
  }
  return bytes;
}

std::string shape_text(std::span<const std::int64_t> shape) {
  std::string text = "[";
  for (const std::int64_t size : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(size);
  }
  return text + "]";
}

}  // namespace claptools
