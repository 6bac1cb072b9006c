#include "claptools/index/build_index.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/index/index_input.hpp"
#include "claptools/index/rows/unite_rows.hpp"

namespace claptools {
namespace {

/// The inputs in order.
class Inputs {
 public:
  explicit Inputs(std::span<const std::string> paths)
      : paths_(paths), sources_([](const std::string& path) { return open_row_source(path); }) {}

  template <typename Visit>
  void visit(const Visit& visit_one) {
    for (const std::string& path : paths_) visit_one(*sources_.open(path), path);
  }

 private:
  std::span<const std::string> paths_;
  KeptInputs<IndexInput> sources_;
};

void extend(IndexDirectory& directory, Inputs& inputs, const RowProgress& progress) {
  std::size_t added = 0;
  inputs.visit([&](const IndexInput& source, const std::string& path) {
    require_same(source.header(), directory.rows.header, path);
    visit_vectors(source, [&](const Matrix& block) {
      directory.index->add(block);
      added += block.rows;
      if (progress) progress(added);
    });
    append_rows(directory.rows, source);
  });
}

/// What is made of one shard is that shard; of several, the whole.
void note_parts(EmbeddingHeader& header, std::size_t parts) {
  if (parts == 1) return;
  header.shard_index = header.shard_count = 0;
  header.shard_deal.clear();
}

/// At most `most` rows, evenly spread.
Matrix sample(Inputs& inputs, std::size_t total, std::size_t dim, std::size_t most) {
  const std::size_t step = (total - 1) / most + 1;
  Matrix rows(0, dim);
  std::size_t seen = 0;
  inputs.visit([&](const IndexInput& source, const std::string&) {
    visit_vectors(source, [&](const Matrix& block) {
      for (std::size_t i = 0; i < block.rows; ++i, ++seen) {
        if (seen % step != 0) continue;
        rows.data.insert(rows.data.end(), block.row(i).begin(), block.row(i).end());
        ++rows.rows;
      }
    });
  });
  return rows;
}

/// The index of a directory without its vectors.
std::unique_ptr<Index> empty_like(const std::string& path, const EmbeddingHeader& header) {
  IndexDirectory directory = read_index_directory(path);
  require_same(directory.rows.header, header, path);
  directory.index->clear();
  return std::move(directory.index);
}

}  // namespace

void extend_index(IndexDirectory& directory, std::span<const std::string> paths,
                  const RowProgress& progress) {
  Inputs inputs(paths);
  require_joinable([&](const SeeMember& see) {
    see({"the index", index_header(directory.rows.header)}, directory.rows.segments);
    inputs.visit([&](const IndexInput& source, const std::string& path) {
      see({path, index_header(source.header())}, source.segments());
    });
  });
  extend(directory, inputs, progress);
  note_parts(directory.rows.header, 1 + paths.size());
}

IndexDirectory build_index(std::span<const std::string> paths, const BuildOptions& options,
                           const RowProgress& progress) {
  Inputs inputs(paths);
  IndexDirectory directory;
  std::size_t total = 0;
  require_joinable([&](const SeeMember& see) {
    total = 0;
    inputs.visit([&](const IndexInput& source, const std::string& path) {
      const EmbeddingHeader header = index_header(source.header());
      if (directory.rows.header.dim == 0) directory.rows.header = header;
      require_same(header, directory.rows.header, path);
      total += source.segments().size();
      see({path, header}, source.segments());
    });
  });
  note_parts(directory.rows.header, paths.size());
  if (total == 0) throw Error(Fault::data, paths.empty() ? "no input" : paths[0], "holds no rows");
  const std::size_t dim = directory.rows.header.dim;
  directory.index = options.like.empty() ? make_index(options.factory, dim)
                                         : empty_like(options.like, directory.rows.header);
  directory.index->set_threads(options.threads);
  if (!directory.index->is_trained()) {
    directory.index->train(
        sample(inputs, total, dim, std::max<std::size_t>(options.train_rows, 1)));
  }
  extend(directory, inputs, progress);
  return directory;
}

IndexDirectory merge_indexes(std::span<const std::string> paths, int threads,
                             const RowProgress& progress) {
  IndexDirectory merged = read_index_directory(paths[0]);
  merged.rows = {index_header(merged.rows.header), {}, {}, {}};
  merged.index->clear();
  merged.index->set_threads(threads);
  const std::string training = merged.index->training();
  std::vector<RowPart> parts;
  for (const std::string& path : paths) {
    const IndexDirectory more = read_index_directory(path);
    require_same(more.rows.header, merged.rows.header, path);
    more.index->set_threads(threads);
    merged.index->append(*more.index);
    if (more.index->training() != training) {
      throw Error(Fault::data, path, "is of another type or training than " + paths[0]);
    }
    parts.push_back({{path, index_header(more.rows.header)},
                     merged.rows.segments.size(),
                     more.rows.segments.size()});
    append_rows(merged.rows, more.rows);
    if (progress) progress(merged.index->size());
  }
  require_joinable(parts, merged.rows);
  note_parts(merged.rows.header, paths.size());
  return merged;
}

}  // namespace claptools
