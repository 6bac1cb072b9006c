#include "claptools/store/embedding_file.hpp"
#include "claptools/store/hdf5/file_table.hpp"
#include "claptools/store/hdf5/hdf5_column.hpp"
#include "claptools/store/hdf5/layout.hpp"
#include "claptools/store/unit_rows.hpp"

namespace claptools {

struct EmbeddingReader::Impl {
  Impl(const std::string& path, bool partial);
  void open_frames();
  Matrix read(const hdf5::Column& column, std::size_t first, std::size_t count,
              const std::function<std::string(std::size_t)>& name_of) const;
  std::string name_of(std::size_t row) const;

  hdf5::Input input;
  EmbeddingHeader header;
  std::vector<Segment> segments;
  std::vector<std::vector<std::string>> meta;
  std::vector<FileRecord> files;
  std::optional<hdf5::Column> embeddings;
  std::optional<hdf5::Column> frames;
  std::vector<std::uint64_t> offsets;
};

namespace {

/// Opens [rows, dim] floats.
hdf5::Column open_vectors(const hdf5::Input& input, const std::string& name, std::size_t dim) {
  hdf5::Column column = input.column(name, hdf5::Storage::sources);
  column.require_rank(2, "[rows, dim]");
  if (column.shape()[1] != dim) {
    input.fail("dataset '" + name + "' has " + std::to_string(column.shape()[1]) +
               " columns, but dim is " + std::to_string(dim));
  }
  return column;
}

}  // namespace

EmbeddingReader::Impl::Impl(const std::string& path, bool partial) : input(path) {
  check_format(input, "clap-embeddings", partial);
  header = read_header(input);
  segments = read_segments(input, header.kind);
  read_meta(input, segments.size(), header.meta_columns, meta);
  files = read_files(input);
  embeddings = open_vectors(input, "embeddings", header.dim);
  if (embeddings->rows() != segments.size()) {
    input.fail("has " + std::to_string(embeddings->rows()) + " embeddings, but " +
               std::to_string(segments.size()) + " ids");
  }
  header.half = embeddings->is_half();
  if (input.has("frames")) open_frames();
}

void EmbeddingReader::Impl::open_frames() {
  header.frame_hop_s = input.number("frames", "hop_s").value_or(0);
  if (!(header.frame_hop_s > 0)) input.fail("group 'frames' has no positive attribute 'hop_s'");
  frames = open_vectors(input, "frames/embeddings", header.dim);
  offsets = read_offsets(input, "frames/offsets", segments.size(), frames->rows());
}

/// Unit vectors.
Matrix EmbeddingReader::Impl::read(const hdf5::Column& column, std::size_t first, std::size_t count,
                                   const std::function<std::string(std::size_t)>& name) const {
  Matrix values;
  values.data = column.floats(first, count);
  values.rows = count;
  values.cols = column.row_values();
  const Norms norms = !header.normalized ? Norms::any
                      : column.is_half() ? Norms::unit_half
                                         : Norms::unit;
  require_unit_rows(input, values.data, values.cols, norms, name);
  return values;
}

std::string EmbeddingReader::Impl::name_of(std::size_t row) const {
  return "'" + segments[row].id + "' (row " + std::to_string(row) + ")";
}

EmbeddingReader::EmbeddingReader(const std::string& path, bool partial)
    : impl_(std::make_unique<Impl>(path, partial)) {}
EmbeddingReader::EmbeddingReader(EmbeddingReader&&) noexcept = default;
EmbeddingReader& EmbeddingReader::operator=(EmbeddingReader&&) noexcept = default;
EmbeddingReader::~EmbeddingReader() = default;

const EmbeddingHeader& EmbeddingReader::header() const { return impl_->header; }
std::size_t EmbeddingReader::rows() const { return impl_->segments.size(); }
const std::vector<Segment>& EmbeddingReader::segments() const { return impl_->segments; }
const std::vector<std::string>& EmbeddingReader::meta(std::size_t column) const {
  return impl_->meta.at(column);
}

const std::vector<FileRecord>& EmbeddingReader::files() const { return impl_->files; }

std::vector<InputError> EmbeddingReader::errors() const {
  if (!impl_->input.has("errors")) return {};
  std::vector<std::string> ids = impl_->input.column("errors/id").texts();
  const hdf5::Column stages = impl_->input.column("errors/stage");
  const hdf5::Column messages = impl_->input.column("errors/message");
  stages.require_rows(ids.size());
  messages.require_rows(ids.size());
  const std::vector<std::string> stage = stages.texts();
  const std::vector<std::string> message = messages.texts();
  std::vector<InputError> errors;
  for (std::size_t i = 0; i < ids.size(); ++i) errors.push_back({ids[i], stage[i], message[i]});
  return errors;
}

Matrix EmbeddingReader::embeddings(std::size_t first, std::size_t count) const {
  if (first > rows() || count > rows() - first) {
    throw Error(Fault::internal, impl_->input.subject(), "rows asked for are past the end");
  }
  return impl_->read(*impl_->embeddings, first, count, [&](std::size_t i) {
    return "the embedding of " + impl_->name_of(first + i);
  });
}

Matrix EmbeddingReader::frames(std::size_t row) const {
  if (!impl_->frames) impl_->input.fail("has no frames");
  const std::uint64_t first = impl_->offsets.at(row);
  const std::uint64_t end = impl_->offsets.at(row + 1);
  return impl_->read(*impl_->frames, first, end - first, [&](std::size_t i) {
    return "frame " + std::to_string(i) + " of " + impl_->name_of(row);
  });
}

}  // namespace claptools
