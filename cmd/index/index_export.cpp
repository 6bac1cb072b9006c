#include "cmd/index/index_export.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/join.hpp"
#include "claptools/index/index_directory.hpp"
#include "claptools/store/ann_file.hpp"
#include "cmd/index/npy_output.hpp"

namespace claptools::cmd {
namespace {

constexpr std::size_t kBlockRows = 8192;

template <typename Visit>
void visit_blocks(const IndexInput& source, const Visit& visit) {
  const std::size_t rows = source.segments().size();
  for (std::size_t first = 0; first < rows; first += kBlockRows) {
    visit(source.vectors(first, std::min(kBlockRows, rows - first)));
  }
}

/// Searches the vectors as the index gives them back, whatever its type.
std::unique_ptr<SearchIndex> exact_index(const IndexInput& source, const std::string& path) {
  SearchDirectory directory = open_index_directory(path);
  const std::string type = directory.index->type();
  if (type == "Flat" || type == "SQfp16") return std::move(directory.index);
  auto flat = make_index("Flat", source.header().dim);
  visit_blocks(source, [&](const Matrix& block) { flat->add(block); });
  return flat;
}

}  // namespace

void print_index_info(const std::string& index, const TableOptions& options) {
  const SearchDirectory directory = open_index_directory(index);
  const EmbeddingHeader& header = directory.rows.header;
  TableWriter table(options, {"rows", "dim", "type", "kind", "model_name", "model_sha256",
                              "window_s", "hop_s", "short_audio", "meta", "created"});
  table.row(std::array{count(directory.index->size()), count(header.dim),
                       text(directory.index->type()), text(header.kind), text(header.model_name),
                       text(header.model_sha256), number(header.window_s), number(header.hop_s),
                       text(header.short_audio), text(join(header.meta_columns, ",")),
                       text(header.created)});
  table.close();
}

void export_vectors(const IndexInput& source, const std::string& path, bool force) {
  const std::size_t rows = source.segments().size();
  NpyOutput output(path, rows, source.header().dim, force);
  visit_blocks(source, [&](const Matrix& block) { output.write(block); });
  output.close();
}

void export_rows(const IndexInput& source, const std::string& path, bool force) {
  const auto& meta_columns = source.header().meta_columns;
  TableOptions options;
  options.output = path;
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

void export_ann(const IndexInput& source, const std::string& index, const AnnOptions& options,
                int threads, bool force) {
  if (options.queries.empty()) throw Error(Fault::usage, "--hdf5", "give --queries FILE as well");
  const EmbeddingReader queries(options.queries);
  if (queries.header().model_sha256 != source.header().model_sha256) {
    throw Error(Fault::data, options.queries, "was made with another model than the index");
  }
  const auto exact = exact_index(source, index);
  exact->set_threads(threads);
  const std::size_t k = std::min(options.k, exact->size());
  AnnFile file(options.output, exact->dim(), k, force);
  visit_blocks(source, [&](const Matrix& block) { file.append_train(block); });
  for (std::size_t first = 0; first < queries.rows(); first += kBlockRows) {
    const Matrix block = queries.embeddings(first, std::min(kBlockRows, queries.rows() - first));
    const Neighbours found = exact->search(block, k);
    file.append_test(block, found.ids, found.scores);
  }
  file.commit();
}

}  // namespace claptools::cmd
