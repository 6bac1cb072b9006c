#include "claptools/checkpoints/check_finite.hpp"

#include <cstring>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

/// No early exit, and a sum of the size of the words: so the compiler makes vectors of the loop.
template <class Word, Word exponent>
bool all_finite(std::span<const std::byte> bytes) {
  Word others = 0;
  const std::size_t count = bytes.size() / sizeof(Word);
  for (std::size_t i = 0; i < count; ++i) {
    Word word = 0;
    std::memcpy(&word, bytes.data() + i * sizeof word, sizeof word);
    others |= (word & exponent) == exponent ? Word{1} : Word{0};
  }
  return others == 0;
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
