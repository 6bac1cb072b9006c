#pragma once

/// Placed before a function, compiles it for each of these processors; the program chooses when it
/// starts.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CLAPTOOLS_PROCESSORS \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLAPTOOLS_PROCESSORS
#endif

namespace claptools {

/// Whether the processor has registers for 64-byte vectors. Elsewhere the compiler keeps such
/// vectors in memory, and a loop over them is several times slower than one over 32 bytes.
inline bool has_wide_vectors() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}

}  // namespace claptools
