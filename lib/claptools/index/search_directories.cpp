#include "claptools/index/search_directories.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <utility>
#include <vector>

#include "claptools/core/files/output_path.hpp"
#include "claptools/core/files/scratch.hpp"
#include "claptools/index/build_index.hpp"
#include "claptools/index/flat/stored_index.hpp"
#include "claptools/index/rows/unite_rows.hpp"

namespace claptools {
namespace {

/// Indexes one after the other.
class JoinedIndex : public SearchIndex {
 public:
  void append(std::unique_ptr<SearchIndex> part) {
    parts_.push_back({std::move(part), size_});
    size_ += parts_.back().index->size();
  }

  std::size_t size() const override { return size_; }
  std::size_t dim() const override { return parts_[0].index->dim(); }
  std::string type() const override { return parts_[0].index->type(); }
  void set_threads(int threads) override {
    for (const Part& part : parts_) part.index->set_threads(threads);
  }
  void set_effort(const SearchEffort& effort) override {
    for (const Part& part : parts_) part.index->set_effort(effort);
  }

  Neighbours search(MatrixView queries, std::size_t k, RowRange rows) const override {
    require_rows(rows, size(), "indexes");
    std::vector<std::vector<Found>> all(queries.rows);
    for (const Part& part : parts_) collect(part, queries, k, rows, all);
    Neighbours best{std::min(k, rows.count), {}, {}};
    for (auto& found : all) {
      std::sort(found.begin(), found.end());
      found.resize(best.k, {std::numeric_limits<float>::max(), -1});
      for (const auto& [negative_score, id] : found) {
        best.ids.push_back(id);
        best.scores.push_back(-negative_score);
      }
    }
    return best;
  }

  Matrix vectors(std::size_t first, std::size_t count) const override {
    Matrix all(0, dim());
    for (const Part& part : parts_) {
      const RowRange rows = within(part, {first, count});
      const Matrix some = part.index->vectors(rows.first, rows.count);
      all.data.insert(all.data.end(), some.data.begin(), some.data.end());
      all.rows += some.rows;
    }
    return all;
  }

 private:
  struct Part {
    std::unique_ptr<SearchIndex> index;
    std::size_t first;
  };
  using Found = std::pair<float, std::int64_t>;  ///< score times -1, row: in the order of ranks

  /// The rows of a part among `rows`, by its own count.
  static RowRange within(const Part& part, RowRange rows) {
    const std::size_t size = part.index->size();
    const auto local = [&](std::size_t row) {
      return std::clamp(row, part.first, part.first + size) - part.first;
    };
    const std::size_t first = local(rows.first);
    return {first, local(rows.first + rows.count) - first};
  }

  static void collect(const Part& part, MatrixView queries, std::size_t k, RowRange rows,
                      std::vector<std::vector<Found>>& all) {
    const Neighbours found = part.index->search(queries, k, within(part, rows));
    for (std::size_t q = 0; q < queries.rows; ++q) {
      for (std::size_t i = q * found.k; i < (q + 1) * found.k; ++i) {
        if (found.ids[i] < 0) break;
        all[q].emplace_back(-found.scores[i], found.ids[i] + static_cast<std::int64_t>(part.first));
      }
    }
  }

  std::vector<Part> parts_;
  std::size_t size_ = 0;
};

SearchDirectory open_one(const std::string& path, int threads) {
  if (std::filesystem::is_directory(status_of(current_folder(path), Fault::no_input)))
    return open_index_directory(path);
  BuildOptions options;
  options.threads = threads;
  IndexDirectory directory = build_index(std::array{path}, options, {});
  return {std::move(directory.index), std::move(directory.rows)};
}

}  // namespace

SearchDirectory open_search_directories(std::span<const std::string> paths, int threads) {
  SearchDirectory joined = open_one(paths[0], threads);
  if (paths.size() > 1) {
    std::vector<RowPart> files;
    const auto note_file = [&](const std::string& path, const IndexRows& rows, std::size_t first) {
      if (std::filesystem::is_directory(path)) return;
      files.push_back({{path, rows.header}, first, rows.segments.size()});
    };
    note_file(paths[0], joined.rows, 0);
    auto parts = std::make_unique<JoinedIndex>();
    parts->append(std::move(joined.index));
    for (const std::string& path : paths.subspan(1)) {
      SearchDirectory more = open_one(path, threads);
      require_same(more.rows.header, joined.rows.header, path);
      note_file(path, more.rows, joined.rows.segments.size());
      append_rows(joined.rows, more.rows);
      parts->append(std::move(more.index));
    }
    require_joinable(files, joined.rows);
    joined.index = std::move(parts);
  }
  joined.index->set_threads(threads);
  return joined;
}

}  // namespace claptools
