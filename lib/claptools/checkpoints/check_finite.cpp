#include "claptools/checkpoints/check_finite.hpp"

#include <cstring>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

template <class Word, Word exponent>
bool all_finite(std::span<const std::byte> bytes) {
  bool finite = true;
  for (std::size_t i = 0; i + sizeof(Word) <= bytes.size(); i += sizeof(Word)) {
    Word word = 0;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    finite &= (word & exponent) != exponent;  // no early exit: the loop vectorises
  }
  return finite;
}

bool is_finite(const TensorView& view) {
  switch (view.dtype) {
    case DType::f64:
      return all_finite<std::uint64_t, 0x7FF0000000000000u>(view.bytes);
    case DType::f32:
      return all_finite<std::uint32_t, 0x7F800000u>(view.bytes);
    case DType::f16:
      return all_finite<std::uint16_t, 0x7C00u>(view.bytes);
    case DType::bf16:
      return all_finite<std::uint16_t, 0x7F80u>(view.bytes);
    default:
      return true;
  }
}

}  // namespace

void check_finite(const WeightSet& weights, std::string_view subject) {
  for (const auto& [name, view] : weights.tensors) {
    if (!is_finite(view)) throw Error(Fault::data, subject, "weight '" + name + "' is not finite");
  }
}

}  // namespace claptools
