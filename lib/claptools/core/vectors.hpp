#pragma once

#include <cstdint>
#include <cstring>

// For sources whose functions ForProcessors compiles: vectors of floats and what loops over them.

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"  // what takes or returns a vector is always inlined
#endif
#define CLAPTOOLS_INLINE [[gnu::always_inline]] inline

namespace claptools {

using Vector16 __attribute__((vector_size(64))) = float;
using Vector8 __attribute__((vector_size(32))) = float;
using Vector4 __attribute__((vector_size(16))) = float;

template <class Vector>
constexpr std::int64_t kLanes = sizeof(Vector) / sizeof(float);

template <class Vector>
CLAPTOOLS_INLINE Vector load(const float* from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}

template <class Vector>
CLAPTOOLS_INLINE void store(float* to, const Vector& vector) {
  std::memcpy(to, &vector, sizeof vector);
}

/// All parts of a vector by an operation of two, halves at a time.
template <class Operation>
CLAPTOOLS_INLINE float fold(const Vector4& x, Operation operation) {
  const Vector4 two = operation(x, __builtin_shufflevector(x, x, 2, 3, 0, 1));
  return operation(two, __builtin_shufflevector(two, two, 1, 0, 3, 2))[0];
}

template <class Operation>
CLAPTOOLS_INLINE float fold(const Vector8& x, Operation operation) {
  const Vector4 four = operation(__builtin_shufflevector(x, x, 0, 1, 2, 3),
                                 __builtin_shufflevector(x, x, 4, 5, 6, 7));
  return fold(four, operation);
}

template <class Operation>
CLAPTOOLS_INLINE float fold(const Vector16& x, Operation operation) {
  const Vector8 eight = operation(__builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7),
                                  __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15));
  return fold(eight, operation);
}

template <class Vector>
CLAPTOOLS_INLINE float sum_of(const Vector& x) {
  return fold(x, [](const auto& a, const auto& b) { return a + b; });
}

}  // namespace claptools
