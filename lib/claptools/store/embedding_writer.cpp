#include <algorithm>
#include <array>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/hdf5/hdf5_column.hpp"
#include "claptools/store/hdf5/layout.hpp"

namespace claptools {

using hdf5::Type;

namespace {

constexpr std::array<const char*, 3> kErrorSets{"errors/id", "errors/stage", "errors/message"};
const std::string kNone;  // of a column that a row does not have

}  // namespace

/// Rows are kept until they fill a chunk and then go into all datasets in turn, so that the file
/// does not depend on how the caller groups them. Only a file of less than a chunk has smaller
/// chunks.
struct EmbeddingWriter::Impl {
  Impl(const std::string& path, const EmbeddingHeader& header_, bool overwrite,
       const std::vector<std::string>& sources);
  void check(const EmbeddingRows& rows) const;
  void refer_to(const std::vector<std::string>& files, const std::string& path);
  hdf5::Dataset vectors(const std::string& name, std::span<const hdf5::Source> sources,
                        std::size_t rows);
  void add_row(const EmbeddingRows& rows, std::size_t row);
  void add_column();
  void add_frames(MatrixView frames);
  void create_row_datasets();
  void flush_rows();
  void flush_frames();
  void flush_errors();
  void flush_files();
  void commit();

  EmbeddingHeader header;
  bool has_frames;
  Type float_type;
  std::size_t chunk;  // rows
  bool rows_created = false;
  bool frames_created = false;

  std::vector<std::string> ids;
  std::vector<double> start_s, end_s;
  std::vector<float> embeddings;
  std::vector<std::vector<std::string>> meta;
  std::vector<std::string> names;  // of meta, and of columns that may follow
  bool grows = false;              // whether columns may follow
  std::size_t flushed = 0;         // rows
  std::vector<std::uint64_t> offsets;
  std::vector<float> frames;
  std::uint64_t frame_total = 0;
  std::vector<InputError> errors;  // not yet written, less than a chunk
  bool errors_created = false;
  std::vector<FileRecord> file_records;  // not yet written, less than a chunk
  bool files_created = false;
  std::vector<hdf5::Source> row_sources, frame_sources;

  hdf5::Output output;
  hdf5::Dataset id_set, start_set, end_set, embedding_set, offset_set, frame_set;
  std::vector<hdf5::Dataset> meta_sets;
  std::array<hdf5::Dataset, 3> error_sets;
  hdf5::Dataset file_set, size_set, sha256_set;
};

EmbeddingWriter::Impl::Impl(const std::string& path, const EmbeddingHeader& header_, bool overwrite,
                            const std::vector<std::string>& sources)
    : header(header_),
      has_frames(header.frame_hop_s > 0),
      float_type(header.half ? Type::float16 : Type::float32),
      chunk(chunk_rows(header.dim * (header.half ? 2 : 4))),
      meta(header.meta_columns.size()),
      names(header.meta_columns),
      output(path, overwrite) {
  if (header.dim == 0) throw Error(Fault::internal, output.subject(), "dim is 0");
  output.keep_checksums();
  write_format(output, "clap-embeddings");
  write_header(output, header);
  create_meta_group(output, header.meta_columns);
  output.group("errors");
  if (!sources.empty()) refer_to(sources, path);
  if (!has_frames) return;
  output.group("frames");
  output.attribute("frames", "hop_s", header.frame_hop_s);
  offsets.push_back(0);
}

/// Files without rows are left out.
void EmbeddingWriter::Impl::refer_to(const std::vector<std::string>& files,
                                     const std::string& path) {
  std::vector<std::string> sources;
  std::vector<std::uint64_t> sums;
  std::size_t first_row = 0, first_frame = 0;
  for (const std::string& file : files) {
    const hdf5::Input input(file);
    const std::size_t rows = input.column("embeddings").rows();
    if (rows == 0) continue;
    if (!read_header(input).normalized)
      input.fail("its vectors are not normalized, so they cannot stay where they are");
    const hdf5::Column sum = input.column("checksums/crc32");
    sources.push_back(hdf5::source_name(file, path));
    sums.push_back(sum.checksum(0, sum.rows()));
    row_sources.push_back({sources.back(), first_row, rows});
    first_row += rows;
    if (!has_frames) continue;
    const std::size_t count = input.column("frames/embeddings").rows();
    if (count > 0) frame_sources.push_back({sources.back(), first_frame, count});
    first_frame += count;
  }
  output.group("sources");
  hdf5::write_column<std::string>(output, hdf5::kSourceFiles, Type::text, sources);
  hdf5::write_column<std::uint64_t>(output, hdf5::kSourceSums, Type::uint64, sums);
}

/// A dataset of this file, or of the sources.
hdf5::Dataset EmbeddingWriter::Impl::vectors(const std::string& name,
                                             std::span<const hdf5::Source> sources,
                                             std::size_t rows) {
  return sources.empty() ? output.dataset(name, float_type, header.dim, rows)
                         : output.virtual_dataset(name, float_type, header.dim, sources);
}

void EmbeddingWriter::Impl::check(const EmbeddingRows& rows) const {
  const std::size_t count = rows.segments.size();
  bool fits = rows.embeddings.rows == count && (count == 0 || rows.embeddings.cols == header.dim) &&
              (grows ? rows.meta.size() <= names.size() : rows.meta.size() == meta.size());
  for (const auto& column : rows.meta) fits = fits && column.size() == count;
  std::size_t frame_count = 0;
  for (const std::size_t of_row : rows.frame_counts) frame_count += of_row;
  fits = fits && rows.frame_counts.size() == (has_frames ? count : 0) &&
         rows.frames.rows == frame_count && (frame_count == 0 || rows.frames.cols == header.dim);
  if (!fits) throw Error(Fault::internal, output.subject(), "rows to append do not fit together");
  for (const Segment& segment : rows.segments) output.require_storable(segment.id);
  for (const auto& column : rows.meta) {
    for (const std::string& value : column) output.require_storable(value);
  }
}

void EmbeddingWriter::Impl::add_row(const EmbeddingRows& rows, std::size_t row) {
  const Segment& segment = rows.segments[row];
  ids.push_back(segment.id);
  start_s.push_back(segment.start_s);
  end_s.push_back(segment.end_s);
  const auto values = rows.embeddings.row(row);
  embeddings.insert(embeddings.end(), values.begin(), values.end());
  const auto value = [&](std::size_t column) -> const std::string& {
    return column < rows.meta.size() ? rows.meta[column][row] : kNone;
  };
  for (std::size_t i = meta.size(); i < rows.meta.size(); ++i) {
    while (i >= meta.size() && !value(i).empty()) add_column();
  }
  for (std::size_t i = 0; i < meta.size(); ++i) meta[i].push_back(value(i));
  if (has_frames) offsets.push_back(frame_total);
  if (ids.size() == chunk) flush_rows();
}

/// The next of those that were named; the rows before this one have no value in it.
void EmbeddingWriter::Impl::add_column() {
  const std::string& name = names[meta.size()];
  require_column_name(output, name);
  header.meta_columns.push_back(name);
  meta.emplace_back(ids.size() - 1);
  if (!rows_created) return;
  meta_sets.push_back(output.dataset("meta/" + name, Type::text, 0, chunk));
  const std::vector<std::string> none(chunk);
  for (std::size_t left = flushed; left > 0; left -= std::min(left, chunk))
    meta_sets.back().append(std::span(none).first(std::min(left, chunk)));
}

void EmbeddingWriter::Impl::add_frames(MatrixView added) {
  for (std::size_t i = 0; i < added.rows; ++i) {
    const auto frame = added.row(i);
    frames.insert(frames.end(), frame.begin(), frame.end());
    if (frames.size() == chunk * header.dim) flush_frames();
  }
  frame_total += added.rows;
}

void EmbeddingWriter::Impl::create_row_datasets() {
  rows_created = true;
  const std::size_t rows = ids.size();
  embedding_set = vectors("embeddings", row_sources, rows);
  id_set = output.dataset("id", Type::text, 0, rows);
  if (header.kind == "audio") {
    start_set = output.dataset("start_s", Type::float64, 0, rows);
    end_set = output.dataset("end_s", Type::float64, 0, rows);
  }
  for (const std::string& column : header.meta_columns) {
    meta_sets.push_back(output.dataset("meta/" + column, Type::text, 0, rows));
  }
  if (has_frames) offset_set = output.dataset("frames/offsets", Type::uint64, 0, offsets.size());
}

void EmbeddingWriter::Impl::flush_rows() {
  if (!rows_created) create_row_datasets();
  embedding_set.append(embeddings);
  id_set.append(ids);
  if (header.kind == "audio") {
    start_set.append(start_s);
    end_set.append(end_s);
  }
  for (std::size_t i = 0; i < meta.size(); ++i) {
    meta_sets[i].append(meta[i]);
    meta[i].clear();
  }
  if (has_frames) offset_set.append(offsets);
  flushed += ids.size();
  embeddings.clear();
  ids.clear();
  start_s.clear();
  end_s.clear();
  offsets.clear();
}

void EmbeddingWriter::Impl::flush_frames() {
  if (!frames_created) {
    frame_set = vectors("frames/embeddings", frame_sources, frames.size() / header.dim);
    frames_created = true;
  }
  frame_set.append(frames);
  frames.clear();
}

void EmbeddingWriter::Impl::flush_errors() {
  std::array<std::vector<std::string>, 3> columns;  // as kErrorSets
  for (InputError& error : errors) {
    columns[0].push_back(std::move(error.id));
    columns[1].push_back(std::move(error.stage));
    columns[2].push_back(std::move(error.message));
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!errors_created)
      error_sets[i] = output.dataset(kErrorSets[i], Type::text, 0, errors.size());
    error_sets[i].append(columns[i]);
  }
  errors_created = true;
  errors.clear();
}

void EmbeddingWriter::Impl::flush_files() {
  std::vector<std::string> file_ids, digests;
  std::vector<std::uint64_t> sizes;
  for (FileRecord& file : file_records) {
    file_ids.push_back(std::move(file.id));
    sizes.push_back(static_cast<std::uint64_t>(file.size));
    digests.push_back(std::move(file.sha256));
  }
  if (!std::exchange(files_created, true)) {
    output.group("files");
    file_set = output.dataset("files/id", Type::text, 0, file_records.size());
    size_set = output.dataset("files/size", Type::uint64, 0, file_records.size());
    sha256_set = output.dataset("files/sha256", Type::text, 0, file_records.size());
  }
  file_set.append(file_ids);
  size_set.append(sizes);
  sha256_set.append(digests);
  file_records.clear();
}

void EmbeddingWriter::Impl::commit() {
  if (has_frames && (!frames_created || !frames.empty())) flush_frames();
  if (!rows_created || !ids.empty()) flush_rows();
  if (!errors_created || !errors.empty()) flush_errors();
  if (!file_records.empty()) flush_files();
  output.commit();
}

EmbeddingWriter::EmbeddingWriter(const std::string& path, const EmbeddingHeader& header,
                                 bool overwrite, const std::vector<std::string>& sources)
    : impl_(std::make_unique<Impl>(path, header, overwrite, sources)) {}

EmbeddingWriter::~EmbeddingWriter() = default;

void EmbeddingWriter::name_columns(std::vector<std::string> columns) {
  impl_->names = std::move(columns);
  impl_->grows = true;
}

void EmbeddingWriter::append(const EmbeddingRows& rows) {
  impl_->check(rows);
  std::size_t first_frame = 0;
  for (std::size_t i = 0; i < rows.segments.size(); ++i) {
    if (impl_->has_frames) {
      impl_->add_frames(rows.frames.slice(first_frame, rows.frame_counts[i]));
      first_frame += rows.frame_counts[i];
    }
    impl_->add_row(rows, i);
  }
}

void EmbeddingWriter::append_error(const InputError& error) {
  for (const std::string* text : {&error.id, &error.stage, &error.message}) {
    impl_->output.require_storable(*text);
  }
  impl_->errors.push_back(error);
  if (impl_->errors.size() == hdf5::kColumnChunkRows) impl_->flush_errors();
}

void EmbeddingWriter::append_file(const FileRecord& file) {
  impl_->output.require_storable(file.id);
  impl_->file_records.push_back(file);
  if (impl_->file_records.size() == hdf5::kColumnChunkRows) impl_->flush_files();
}

void EmbeddingWriter::commit() { impl_->commit(); }

}  // namespace claptools
