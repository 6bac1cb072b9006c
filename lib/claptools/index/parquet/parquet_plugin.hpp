#pragma once
// Internal to the room, and to the plug-in.

#include "claptools/index/parquet/export_parquet.hpp"

namespace claptools {

/// What the plug-in (libclaptools_parquet.so) exports; exceptions pass through it.
using WriteParquet = void (*)(const IndexInput& source, std::span<const std::string> columns,
                              const ByteSink& sink);

inline constexpr const char* kWriteParquet = "claptools_write_parquet";

}  // namespace claptools
