#pragma once

#include <string>

#include "claptools/index/index_input.hpp"
#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {

/// For a file as ann-benchmarks reads it.
struct AnnOptions {
  std::string output;
  std::string queries;  ///< an embedding file
  std::size_t k = 100;  ///< neighbours a query; fewer if there are not so many vectors
};

/// One row: what an index directory holds. @throws Error{no_input}, {data}.
void print_index_info(const std::string& index, const TableOptions& options);

/// The vectors as float32 [rows, dim] in a file that numpy.load reads. @throws as TextOutput.
void export_vectors(const IndexInput& source, const std::string& path, bool force);

/// What the vectors stand for: id, start_s, end_s and meta columns, as TSV. @throws as TextOutput.
void export_rows(const IndexInput& source, const std::string& path, bool force);

/// The vectors, queries and their exact neighbours. @param index where `source` comes from.
/// @throws Error{usage} without queries, {data} for queries of another model, as AnnFile.
void export_ann(const IndexInput& source, const std::string& index, const AnnOptions& options,
                int threads, bool force);

}  // namespace claptools::cmd
