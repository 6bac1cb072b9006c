#pragma once

/// Placed before a function, compiles it for each of these processors; the program chooses when it
/// starts.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CLAPTOOLS_PROCESSORS \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLAPTOOLS_PROCESSORS
#endif
