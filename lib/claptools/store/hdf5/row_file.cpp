#include "claptools/store/hdf5/row_file.hpp"

#include "claptools/core/error.hpp"
#include "claptools/store/hdf5/file_table.hpp"
#include "claptools/store/hdf5/hdf5_column.hpp"
#include "claptools/store/hdf5/layout.hpp"

namespace claptools {
namespace {

constexpr const char* kFormat = "clap-index-rows";
constexpr const char* kVectors = "vectors";
constexpr const char* kChecksums = "vectors/xxh64";

void write_checksums(hdf5::Output& output, const BlockChecksums& sums) {
  output.group(kVectors);
  output.attribute(kVectors, "bytes", static_cast<std::int64_t>(sums.bytes));
  output.attribute(kVectors, "block_bytes", std::int64_t{BlockChecksums::kBlockBytes});
  hdf5::write_column<std::uint64_t>(output, kChecksums, hdf5::Type::uint64, sums.blocks);
}

BlockChecksums read_checksums(const hdf5::Input& input) {
  const auto bytes = input.integer(kVectors, "bytes");
  const auto block_bytes = input.integer(kVectors, "block_bytes");
  if (!bytes || *bytes < 0 || block_bytes != std::int64_t{BlockChecksums::kBlockBytes}) {
    input.fail("holds no checksums of the vectors; build the index again");
  }
  return {static_cast<std::uint64_t>(*bytes), input.column(kChecksums).integers()};
}

}  // namespace

void write_index_rows(const std::string& path, const IndexRows& rows) {
  hdf5::Output output(path, false);
  bool fits = rows.meta.size() == rows.header.meta_columns.size();
  for (const auto& column : rows.meta) fits = fits && column.size() == rows.segments.size();
  if (!fits) throw Error(Fault::internal, path, "parts of the index rows do not fit together");
  write_format(output, kFormat);
  write_header(output, rows.header);
  write_segments(output, rows.header.kind, rows.segments);
  write_meta(output, rows.header.meta_columns, rows.meta);
  write_files(output, rows.files);
  write_failures(output, rows.failures);
  write_checksums(output, rows.vectors);
  output.commit();
}

IndexRows read_index_rows(const std::string& path) {
  const hdf5::Input input(path);
  check_format(input, kFormat, false);
  IndexRows rows;
  rows.header = read_header(input);
  rows.segments = read_segments(input, rows.header.kind);
  read_meta(input, rows.segments.size(), rows.header.meta_columns, rows.meta);
  rows.files = read_files(input);
  rows.failures = read_failures(input);
  rows.vectors = read_checksums(input);
  return rows;
}

}  // namespace claptools
