#include <algorithm>
#include <array>

#include "claptools/core/error.hpp"
#include "claptools/store/hdf5/layout.hpp"
#include "claptools/store/scores/score_file.hpp"

namespace claptools {
namespace {

using hdf5::Type;

EmbeddingHeader as_header(const Provenance& origin) {
  EmbeddingHeader header;
  header.model_name = origin.model_name;
  header.model_sha256 = origin.model_sha256;
  header.tool = origin.tool;
  header.command = origin.command;
  header.created = origin.created;
  return header;
}

/// A column of `meta/`; its dataset is made when the first rows are written after it came.
struct MetaColumn {
  std::string name;
  std::vector<std::string> values;  // of the rows in hand
  hdf5::Dataset set;
  bool created = false;
};

}  // namespace

/// Rows are kept until they fill a chunk, lines of scores as well, so that the file does not depend
/// on how they came. Only a file of less than a chunk has smaller chunks.
struct ScoreWriter::Impl {
  Impl(const std::string& path, const ScoreHeader& header, bool overwrite);
  void check(const std::string& id, MatrixView added, std::span<const std::string> values) const;
  void add_lines(MatrixView added);
  void flush_lines();
  void create_row_datasets();
  void flush_column(MetaColumn& column);
  void flush_rows();
  void flush_errors();

  std::size_t classes;
  bool by_frame;
  std::size_t chunk;  // lines
  std::vector<std::string> ids;
  std::vector<std::uint64_t> offsets;
  std::vector<float> lines;
  std::uint64_t line_total = 0;
  std::size_t rows_written = 0;
  bool rows_created = false, lines_created = false;
  std::vector<MetaColumn> meta;
  std::array<MetaColumn, 3> errors{{{"id", {}, {}}, {"stage", {}, {}}, {"message", {}, {}}}};

  hdf5::Output output;
  hdf5::Dataset id_set, offset_set, line_set;
};

ScoreWriter::Impl::Impl(const std::string& path, const ScoreHeader& header, bool overwrite)
    : classes(header.classes.size()),
      by_frame(header.hop_s > 0),
      chunk(chunk_rows(classes * sizeof(float))),
      output(path, overwrite) {
  if (classes == 0 || (!header.prompts.empty() && header.prompts.size() != classes)) {
    throw Error(Fault::internal, output.subject(), "not one prompt per class, or no classes");
  }
  write_format(output, kScoreFormat);
  write_origin(output, as_header(header));
  hdf5::write_column<std::string>(output, "classes", Type::text, header.classes);
  if (!header.prompts.empty()) {
    hdf5::write_column<std::string>(output, "prompts", Type::text, header.prompts);
  }
  create_meta_group(output, {});
  if (!by_frame) return;
  output.attribute("/", "hop_s", header.hop_s);
  offsets.push_back(0);
}

void ScoreWriter::Impl::check(const std::string& id, MatrixView added,
                              std::span<const std::string> values) const {
  const bool fits =
      added.cols == classes && (by_frame || added.rows == 1) && values.size() == meta.size();
  if (!fits) throw Error(Fault::internal, output.subject(), "the row to append does not fit");
  output.require_storable(id);
  for (const std::string& value : values) output.require_storable(value);
}

void ScoreWriter::Impl::add_lines(MatrixView added) {
  for (std::size_t i = 0; i < added.rows; ++i) {
    const auto line = added.row(i);
    lines.insert(lines.end(), line.begin(), line.end());
    if (lines.size() == chunk * classes) flush_lines();
  }
  line_total += added.rows;
}

void ScoreWriter::Impl::flush_lines() {
  if (!lines_created) {
    line_set = output.dataset("scores", Type::float32, classes, lines.size() / classes);
    lines_created = true;
  }
  line_set.append(lines);
  lines.clear();
}

void ScoreWriter::Impl::create_row_datasets() {
  rows_created = true;
  id_set = output.dataset("id", Type::text, 0, ids.size());
  if (by_frame) offset_set = output.dataset("offsets", Type::uint64, 0, offsets.size());
}

void ScoreWriter::Impl::flush_column(MetaColumn& column) {
  if (!column.created) {
    const std::size_t rows = std::max(ids.size(), std::min(rows_written, hdf5::kColumnChunkRows));
    column.set = output.dataset("meta/" + column.name, Type::text, 0, rows);
    column.created = true;
    const std::vector<std::string> nothing(hdf5::kColumnChunkRows);
    for (std::size_t left = rows_written; left > 0;) {
      const std::size_t count = std::min(left, nothing.size());
      column.set.append(std::span(nothing).first(count));
      left -= count;
    }
  }
  column.set.append(column.values);
  column.values.clear();
}

void ScoreWriter::Impl::flush_rows() {
  if (!rows_created) create_row_datasets();
  id_set.append(ids);
  if (by_frame) offset_set.append(offsets);
  for (MetaColumn& column : meta) flush_column(column);
  rows_written += ids.size();
  ids.clear();
  offsets.clear();
}

/// The group appears with the first input that failed.
void ScoreWriter::Impl::flush_errors() {
  if (errors[0].values.empty()) return;
  if (!errors[0].created) output.group("errors");
  for (MetaColumn& column : errors) {
    if (!column.created) {
      column.set = output.dataset("errors/" + column.name, Type::text, 0, column.values.size());
      column.created = true;
    }
    column.set.append(column.values);
    column.values.clear();
  }
}

ScoreWriter::ScoreWriter(const std::string& path, const ScoreHeader& header, bool overwrite)
    : impl_(std::make_unique<Impl>(path, header, overwrite)) {}

ScoreWriter::~ScoreWriter() = default;

std::size_t ScoreWriter::column(const std::string& name) {
  const auto found = std::ranges::find(impl_->meta, name, &MetaColumn::name);
  const auto at = static_cast<std::size_t>(found - impl_->meta.begin());
  if (found != impl_->meta.end()) return at;
  require_column_name(impl_->output, name);
  impl_->meta.emplace_back().name = name;
  impl_->meta.back().values.resize(impl_->ids.size());
  return at;
}

std::size_t ScoreWriter::columns() const { return impl_->meta.size(); }

void ScoreWriter::append(const std::string& id, MatrixView scores,
                         std::span<const std::string> meta) {
  impl_->check(id, scores, meta);
  impl_->add_lines(scores);
  impl_->ids.push_back(id);
  if (impl_->by_frame) impl_->offsets.push_back(impl_->line_total);
  for (std::size_t c = 0; c < meta.size(); ++c) impl_->meta[c].values.push_back(meta[c]);
  if (impl_->ids.size() == hdf5::kColumnChunkRows) impl_->flush_rows();
}

void ScoreWriter::append_error(const InputError& error) {
  for (const std::string* text : {&error.id, &error.stage, &error.message}) {
    impl_->output.require_storable(*text);
  }
  impl_->errors[0].values.push_back(error.id);
  impl_->errors[1].values.push_back(error.stage);
  impl_->errors[2].values.push_back(error.message);
  if (impl_->errors[0].values.size() == hdf5::kColumnChunkRows) impl_->flush_errors();
}

void ScoreWriter::commit() {
  if (!impl_->lines_created || !impl_->lines.empty()) impl_->flush_lines();
  impl_->flush_rows();
  impl_->flush_errors();
  impl_->output.commit();
}

void write_scores(const std::string& path, const Scores& scores, bool overwrite) {
  const bool by_frame = !scores.offsets.empty();
  const std::size_t rows = scores.ids.size();
  bool fits = scores.meta.size() == scores.meta_columns.size() &&
              (by_frame ? scores.offsets.size() == rows + 1 && scores.hop_s > 0 &&
                              scores.offsets.back() == scores.scores.rows
                        : scores.scores.rows == rows);
  for (const auto& column : scores.meta) fits = fits && column.size() == rows;
  if (!fits) throw Error(Fault::internal, path, "parts of the scores do not fit together");
  ScoreWriter writer(path, {scores, scores.classes, by_frame ? scores.hop_s : 0}, overwrite);
  for (const std::string& name : scores.meta_columns) writer.column(name);
  std::vector<std::string> meta(scores.meta.size());
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t first = by_frame ? scores.offsets[i] : i;
    const std::size_t count = by_frame ? scores.offsets[i + 1] - first : 1;
    for (std::size_t c = 0; c < meta.size(); ++c) meta[c] = scores.meta[c][i];
    writer.append(scores.ids[i], scores.scores.view().slice(first, count), meta);
  }
  writer.commit();
}

}  // namespace claptools
