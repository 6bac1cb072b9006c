#include "cmd/index/index_tables.hpp"

#include <array>

#include "claptools/core/strings/join.hpp"
#include "claptools/index/export_index.hpp"
#include "claptools/index/index_directory.hpp"
#include "claptools/index/parquet/export_parquet.hpp"
#include "claptools/index/rows/index_health.hpp"

namespace claptools::cmd {

void print_index_info(const std::string& index, const TableOptions& options) {
  const SearchDirectory directory = open_index_directory(index);
  const EmbeddingHeader& header = directory.rows.header;
  TableWriter table(options, {"rows", "dim", "type", "kind", "model_name", "model_sha256",
                              "window_s", "hop_s", "short_audio", "meta", "created", "space"});
  table.row(std::array{count(directory.index->size()), count(header.dim),
                       text(directory.index->type()), text(header.kind), text(header.model_name),
                       text(header.model_sha256), number(header.window_s), number(header.hop_s),
                       text(header.short_audio), text(join(header.meta_columns, ",")),
                       text(header.created), text(header.space)});
  table.close();
}

void print_index_health(const std::string& index, const TableOptions& options) {
  const IndexHealth health = check_health(read_directory_rows(index));
  TableWriter table(options, {"files", "rows", "files_gone", "rows_gone", "files_stale",
                              "rows_stale", "files_unknown", "files_failed", "rows_duplicate"});
  table.row(std::array{count(health.files), count(health.rows), count(health.files_gone),
                       count(health.rows_gone), count(health.files_stale), count(health.rows_stale),
                       count(health.files_unknown), count(health.files_failed),
                       count(health.rows_duplicate)});
  table.close();
}

void write_vectors(const IndexInput& source, const std::string& path, bool force) {
  TextOutput output(path, force);
  export_vectors(source, [&](std::span<const std::byte> bytes) {
    output.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  });
  output.close();
}

void write_parquet(const IndexInput& source, const std::string& path, bool force) {
  TextOutput output(path, force);
  export_parquet(source,
                 with_meta({"id", "start_s", "end_s", "embedding"}, source.header().meta_columns),
                 [&](std::span<const std::byte> bytes) {
                   output.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
                 });
  output.close();
}

void write_rows(const IndexInput& source, const std::string& path, const char* format, bool force) {
  const auto& meta_columns = source.header().meta_columns;
  TableOptions options;
  options.output = path;
  options.format = format;
  options.force = force;
  TableWriter table(options, with_meta({"id", "start_s", "end_s"}, meta_columns));
  for (std::size_t i = 0; i < source.segments().size(); ++i) {
    const Segment& segment = source.segments()[i];
    std::vector<Cell> row{text(segment.id), number(segment.start_s), number(segment.end_s)};
    for (std::size_t c = 0; c < meta_columns.size(); ++c) row.push_back(text(source.meta(c)[i]));
    table.row(row);
  }
  table.close();
}

}  // namespace claptools::cmd
