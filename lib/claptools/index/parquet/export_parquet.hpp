#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "claptools/index/index_input.hpp"

namespace claptools {

/// Gets a file piece by piece.
using ByteSink = std::function<void(std::span<const std::byte>)>;

/// Writes rows and vectors as a Parquet file: a string column for the ids, start and end in s as
/// doubles, the vectors as lists of fixed size of float32, a string column for each meta column;
/// the model's attributes as key-value metadata. A row group has kVectorBlock rows, which is what
/// memory holds. Arrow is opened when this is called first, where $CLAP_ARROW says, else beside the
/// plug-in libclaptools_parquet.so, else where that was built with it.
/// @param columns names: of id, start, end, vector, then of each meta column.
/// Bytes that are not UTF-8 become \xNN, as in tables.
/// @throws Error{unavailable} without the plug-in or Arrow; what the sink throws; as
/// IndexInput::vectors.
void export_parquet(const IndexInput& source, std::span<const std::string> columns,
                    const ByteSink& sink);

}  // namespace claptools
