#include "fuzz/decode.hpp"
#include "fuzz/harness.hpp"

/// Leaks of libav's demuxers are not ours.
extern "C" const char* __lsan_default_suppressions() { return "leak:libav\n"; }

/// A recording in memory.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  claptools::fuzz::expect_data_or_refusal([&] { claptools::fuzz::decode({data, size}); });
  return 0;
}
