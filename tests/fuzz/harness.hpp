#pragma once

#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

#include "claptools/core/error.hpp"

/// What libFuzzer and replay.cpp call with one input. Defined once by each program.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace claptools::fuzz {

/// Runs one reader on foreign bytes: it may take them, or refuse them as Error{data}. Anything else
/// is a finding.
template <typename Reader>
void expect_data_or_refusal(Reader read) {
  try {
    read();
  } catch (const Error& error) {
    if (error.fault() != Fault::data) throw;
  }
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// The bytes as a stream, for readers of text.
inline std::istringstream as_stream(const std::uint8_t* data, std::size_t size) {
  return std::istringstream(std::string(as_text(data, size)));
}

}  // namespace claptools::fuzz
