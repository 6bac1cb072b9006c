#pragma once

#include <string>

#include "claptools/index/index_input.hpp"
#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {

/// One row: what an index directory holds. @throws Error{no_input}, {data}.
void print_index_info(const std::string& index, const TableOptions& options);

/// One row: how many files of the index are gone or have changed. @throws as print_index_info.
void print_index_health(const std::string& index, const TableOptions& options);

/// The vectors as export_vectors() gives them. @throws as TextOutput.
void write_vectors(const IndexInput& source, const std::string& path, bool force);

/// Rows and vectors as export_parquet() gives them. @throws as that and TextOutput.
void write_parquet(const IndexInput& source, const std::string& path, bool force);

/// What the vectors stand for: id, start_s, end_s and meta columns, as a table.
/// @param format as --format takes it: "csv". @throws as TextOutput.
void write_rows(const IndexInput& source, const std::string& path, const char* format, bool force);

}  // namespace claptools::cmd
