#pragma once

#include <optional>

namespace claptools {

/// Sets of instructions that functions here are compiled for, each with those before it. Elsewhere
/// than on x86-64 all is compiled for the baseline, which on ARM64 has NEON.
enum class Instructions {
  baseline,  ///< what every processor of the architecture has: vectors of 16 bytes
  avx2,      ///< with FMA and F16C: vectors of 32 bytes
  avx512     ///< F, BW, CD, DQ and VL: vectors of 64 bytes
};

/// What CLAP_ISA of the environment names: baseline, avx2, avx512; none if it is not set.
/// @throws Error{usage} for another word; {unavailable} for what this processor does not have.
std::optional<Instructions> named_instructions();

/// What the environment names, else all that the processor has. Asked once.
/// @throws as named_instructions().
Instructions usable_instructions();

#if defined(__x86_64__)
#define CLAPTOOLS_AVX2 __attribute__((target("avx2,fma,f16c,bmi,bmi2,lzcnt,movbe")))
#define CLAPTOOLS_AVX512                                                           \
  __attribute__((                                                                  \
      target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,f16c,bmi,bmi2," \
             "lzcnt,movbe")))
#else
#define CLAPTOOLS_AVX2
#define CLAPTOOLS_AVX512
#endif

/// One function compiled for each set of instructions.
/// @tparam least, narrow, wide with vectors of 16, 32 and 64 bytes. All always_inline, so that they
/// become part of what is compiled here; vectors wider than the processor's lie in memory, and a
/// loop over them is several times slower.
template <auto least, auto narrow, auto wide>
class ForProcessors;

template <class Result, class... Arguments, Result (*least)(Arguments...),
          Result (*narrow)(Arguments...), Result (*wide)(Arguments...)>
class ForProcessors<least, narrow, wide> {
 public:
  using Function = Result (*)(Arguments...);

  /// The one for this processor. @throws as usable_instructions().
  static Function choose() {
    switch (usable_instructions()) {
      case Instructions::avx512:
        return avx512;
      case Instructions::avx2:
        return avx2;
      case Instructions::baseline:
        break;
    }
    return baseline;
  }

 private:
  static Result baseline(Arguments... arguments) { return least(arguments...); }
  CLAPTOOLS_AVX2 static Result avx2(Arguments... arguments) { return narrow(arguments...); }
  CLAPTOOLS_AVX512 static Result avx512(Arguments... arguments) { return wide(arguments...); }
};

}  // namespace claptools
