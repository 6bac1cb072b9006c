#include "claptools/index/build_index.hpp"

#include <algorithm>
#include <memory>
#include <unordered_set>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/index/index_input.hpp"
#include "claptools/index/rows/edit_index.hpp"
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

/// Ids that an index has, and those of them that inputs have too.
class KnownIds {
 public:
  explicit KnownIds(const std::vector<Segment>& rows) : rows_(rows) {
    for (const Segment& row : rows) ids_.insert(row.id);
  }

  void note(const std::vector<Segment>& rows, const std::string& path, bool replaces) {
    for (const Segment& row : rows) {
      if (!ids_.contains(row.id)) continue;
      if (!replaces)
        throw Error(Fault::data, path,
                    "row '" + row.id + "' is in the index, too; `replace_ids` takes the new ones");
      again_.insert(row.id);
    }
  }

  /// The rows of the index that no input replaces.
  std::vector<std::size_t> others() const {
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (!again_.contains(rows_[i].id)) others.push_back(i);
    return others;
  }

 private:
  const std::vector<Segment>& rows_;
  std::unordered_set<std::string> ids_, again_;
};

/// What is made of one shard is that shard; of several, the whole.
void note_parts(EmbeddingHeader& header, std::size_t parts) {
  if (parts == 1) return;
  header.shard_index = header.shard_count = 0;
  header.shard_deal.clear();
}

Matrix sample(Inputs& inputs, std::size_t total, std::size_t dim, std::size_t most) {
  RowSample rows(total, dim, most);
  inputs.visit([&](const IndexInput& source, const std::string&) {
    visit_vectors(source, [&](const Matrix& block) { rows.add(block); });
  });
  return rows.rows();
}

/// The index of a directory without its vectors.
std::unique_ptr<Index> empty_like(const std::string& path, const EmbeddingHeader& header) {
  IndexDirectory directory = read_index_directory(path);
  require_same(directory.rows.header, header, path);
  directory.index->clear();
  return std::move(directory.index);
}

}  // namespace

RowSample::RowSample(std::size_t total, std::size_t dim, std::size_t most)
    : step_(total == 0 ? 1 : (total - 1) / std::max<std::size_t>(most, 1) + 1), rows_(0, dim) {}

void RowSample::add(MatrixView block) {
  for (std::size_t i = 0; i < block.rows; ++i, ++seen_) {
    if (seen_ % step_ != 0) continue;
    rows_.data.insert(rows_.data.end(), block.row(i).begin(), block.row(i).end());
    ++rows_.rows;
  }
}

std::unique_ptr<Index> empty_index(const BuildOptions& options, const EmbeddingHeader& header) {
  auto index = options.like.empty() ? make_index(options.factory, header.dim)
                                    : empty_like(options.like, header);
  index->set_threads(options.threads);
  return index;
}

void extend_index(IndexDirectory& directory, std::span<const std::string> paths, bool replace_ids,
                  const RowProgress& progress) {
  Inputs inputs(paths);
  KnownIds known(directory.rows.segments);
  require_joinable([&](const SeeMember& see) {
    see({"the index", index_header(directory.rows.header)}, {});
    inputs.visit([&](const IndexInput& source, const std::string& path) {
      require_same(source.header(), directory.rows.header, path);
      see({path, index_header(source.header())}, source.segments());
      known.note(source.segments(), path, replace_ids);
    });
  });
  if (replace_ids) select_rows(directory, known.others());
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
  directory.index = empty_index(options, directory.rows.header);
  if (!directory.index->is_trained())
    directory.index->train(sample(inputs, total, dim, options.train_rows));
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
