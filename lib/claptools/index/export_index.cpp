#include "claptools/index/export_index.hpp"

#include <algorithm>
#include <bit>
#include <memory>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/index/index_directory.hpp"
#include "claptools/store/ann_file.hpp"
#include "claptools/store/vector_space.hpp"

namespace claptools {
namespace {

std::string npy_header(std::size_t rows, std::size_t cols) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::size_t kPreamble = 10;  // magic, version, length
  constexpr std::size_t kAlignment = 64;
  std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) +
                     ", " + std::to_string(cols) + "), }";
  const std::size_t used = kPreamble + text.size() + 1;
  text += std::string((kAlignment - used % kAlignment) % kAlignment, ' ') + '\n';
  std::string header = "\x93NUMPY";
  header +=
      {'\x01', '\x00', static_cast<char>(text.size() & 0xff), static_cast<char>(text.size() >> 8)};
  return header + text;
}

/// Searches the vectors as the index gives them back, whatever its type.
std::unique_ptr<SearchIndex> exact_index(const IndexInput& source, const std::string& path) {
  SearchDirectory directory = open_index_directory(path);
  const std::string type = directory.index->type();
  if (type == "Flat" || type == "SQfp16") return std::move(directory.index);
  auto flat = make_index("Flat", source.header().dim);
  visit_vectors(source, [&](const Matrix& block) { flat->add(block); });
  return flat;
}

}  // namespace

void export_vectors(const IndexInput& source,
                    const std::function<void(std::span<const std::byte>)>& sink) {
  const std::string header = npy_header(source.segments().size(), source.header().dim);
  sink(std::as_bytes(std::span(header)));
  visit_vectors(source, [&](const Matrix& block) { sink(std::as_bytes(std::span(block.data))); });
}

void export_ann(const IndexInput& source, const std::string& index, const AnnOptions& options,
                int threads, bool overwrite) {
  const EmbeddingReader queries(options.queries);
  if (queries.header().model_sha256 != source.header().model_sha256) {
    throw Error(Fault::data, options.queries, "was made with another model than the index");
  }
  if (are_of_other_models(queries.header().space, source.header().space))
    throw Error(Fault::data, options.queries,
                other_space(queries.header().space, source.header().space));
  const auto exact = exact_index(source, index);
  exact->set_threads(threads);
  const std::size_t k = std::min(options.k, exact->size());
  AnnFile file(options.output, exact->dim(), k, overwrite);
  visit_vectors(source, [&](const Matrix& block) { file.append_train(block); });
  visit_blocks(queries.rows(), kVectorBlock, [&](std::size_t first, std::size_t count) {
    const Matrix block = queries.embeddings(first, count);
    const Neighbours found = exact->search(block, k);
    file.append_test(block, found.ids, found.scores);
  });
  file.commit();
}

}  // namespace claptools
