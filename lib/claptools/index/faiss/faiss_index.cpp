#include "claptools/index/faiss/faiss_index.hpp"

#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVF.h>
#include <faiss/IndexPreTransform.h>
#include <faiss/IndexRefine.h>
#include <faiss/IndexScalarQuantizer.h>
#include <faiss/impl/FaissException.h>
#include <faiss/impl/IDSelector.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/index/describe_index.hpp"
#include "claptools/index/faiss/faiss_io.hpp"
#include "claptools/index/faiss/faiss_parts.hpp"
#include "claptools/index/faiss/hnsw_storage.hpp"
#include "claptools/index/faiss/mapped_lists.hpp"
#include "claptools/index/faiss/select_vectors.hpp"
#include "claptools/index/faiss/thread_scope.hpp"
#include "claptools/index/flat/stored_index.hpp"
#include "claptools/index/index_input.hpp"

namespace claptools {
namespace {

constexpr int kDefaultBeam = 16;  // FAISS's own efSearch
constexpr std::size_t kMaxProbes = std::size_t{1} << 30;

/// The one training that would print all the same: OPQ's 256 centroids ask for 39 vectors each.
std::size_t least_sample(const faiss::Index* index) {
  const auto* outer = dynamic_cast<const faiss::IndexPreTransform*>(index);
  if (!outer) return 1;
  const bool has_opq = std::any_of(outer->chain.begin(), outer->chain.end(), [](const auto* step) {
    return dynamic_cast<const faiss::OPQMatrix*>(step) != nullptr;
  });
  return has_opq ? 39 * 256 : 1;
}

/// FAISS leaves the order of equal scores to its heap.
void order_ties(Neighbours& found) {
  std::vector<std::pair<float, std::int64_t>> row(found.k);
  for (std::size_t first = 0; first < found.ids.size(); first += found.k) {
    for (std::size_t i = 0; i < found.k; ++i)
      row[i] = {found.scores[first + i], found.ids[first + i]};
    const auto found_end =
        std::partition(row.begin(), row.end(), [](const auto& hit) { return hit.second >= 0; });
    std::sort(row.begin(), found_end, [](const auto& a, const auto& b) {
      return a.first > b.first || (a.first == b.first && a.second < b.second);
    });
    for (std::size_t i = 0; i < found.k; ++i) {
      const bool is_pad = row[i].second < 0;
      found.scores[first + i] = is_pad ? std::numeric_limits<float>::lowest() : row[i].first;
      found.ids[first + i] = is_pad ? -1 : row[i].second;
    }
  }
}

/// The vectors of an index that is searched exactly.
std::optional<Gallery> exact_vectors(const faiss::Index& index) {
  const auto rows = static_cast<std::size_t>(index.ntotal);
  const auto dim = static_cast<std::size_t>(index.d);
  if (const auto* flat = dynamic_cast<const faiss::IndexFlat*>(&index)) {
    return Gallery{flat->get_xb(), rows, dim, Gallery::Type::float32};
  }
  const auto* codes = dynamic_cast<const faiss::IndexScalarQuantizer*>(&index);
  if (!codes || codes->sq.qtype != faiss::ScalarQuantizer::QT_fp16) return {};
  return Gallery{codes->codes.data(), rows, dim, Gallery::Type::float16};
}

/// Search in some rows of inverted lists, also behind transforms.
class RowFilter {
 public:
  RowFilter(const faiss::Index& index, RowRange rows, const std::string& name)
      : selector_(static_cast<std::int64_t>(rows.first),
                  static_cast<std::int64_t>(rows.first + rows.count)) {
    const auto* outer = dynamic_cast<const faiss::IndexPreTransform*>(&index);
    const auto* lists = dynamic_cast<const faiss::IndexIVF*>(outer ? outer->index : &index);
    if (!lists) throw Error(Fault::usage, name, "an index of this type is searched as a whole");
    lists_.sel = &selector_;
    lists_.nprobe = lists->nprobe;
    lists_.max_codes = lists->max_codes;
    outer_.index_params = &lists_;
    parameters_ = outer ? static_cast<faiss::SearchParameters*>(&outer_) : &lists_;
  }
  RowFilter(const RowFilter&) = delete;
  RowFilter& operator=(const RowFilter&) = delete;

  const faiss::SearchParameters* parameters() const { return parameters_; }

 private:
  faiss::IDSelectorRange selector_;
  faiss::SearchParametersIVF lists_;
  faiss::SearchParametersPreTransform outer_;
  faiss::SearchParameters* parameters_;
};

class FaissIndex : public Index {
 public:
  FaissIndex(std::unique_ptr<faiss::Index> index, std::string name, const MappedLists* mapped)
      : index_(std::move(index)),
        name_(std::move(name)),
        mapped_(mapped),
        has_graph_(find_graph(index_.get()) != nullptr) {
    quicken_graph(index_.get());
  }

  std::size_t size() const override { return static_cast<std::size_t>(index_->ntotal); }
  std::size_t dim() const override { return static_cast<std::size_t>(index_->d); }
  std::string type() const override { return describe_index(*index_); }
  bool is_trained() const override { return index_->is_trained; }
  void set_threads(int threads) override { threads_ = threads; }

  void set_effort(const SearchEffort& effort) override {
    auto* lists = find_lists(index_.get());
    auto* graph = find_graph(index_.get());
    if (effort.nprobe > 0 && !lists) throw Error(Fault::usage, name_, "has no lists to probe");
    if (effort.ef > 0 && !graph) throw Error(Fault::usage, name_, "has no graph to search");
    if (effort.nprobe > 0) lists->nprobe = std::min(effort.nprobe, kMaxProbes);
    if (effort.ef > 0) graph->hnsw.efSearch = effort.ef;
  }

  void train(MatrixView sample) override {
    require_width(sample, dim(), name_);
    const std::size_t least = least_sample(index_.get());
    if (sample.rows < least) {
      throw Error(Fault::usage, name_, "needs " + std::to_string(least) + " vectors to train on");
    }
    const ThreadScope scope(has_graph_ ? 1 : threads_);
    call([&] { index_->train(rows(sample), sample.data); });
  }

  void add(MatrixView vectors) override {
    require_width(vectors, dim(), name_);
    if (!is_trained()) throw Error(Fault::usage, name_, "this index type must be trained first");
    const ThreadScope scope(has_graph_ ? 1 : threads_);
    call([&] { index_->add(rows(vectors), vectors.data); });
  }

  void select(std::span<const std::size_t> rows) override {
    const bool is_known = std::ranges::all_of(rows, [&](std::size_t row) { return row < size(); });
    if (!is_known) throw Error(Fault::internal, name_, "there is no such vector to select");
    if (can_select(*index_)) return select_vectors(index_.get(), rows);
    const Matrix old = vectors(0, size());
    clear();
    visit_blocks(rows.size(), kVectorBlock, [&](std::size_t first, std::size_t count) {
      Matrix block(count, dim());
      for (std::size_t i = 0; i < count; ++i)
        std::ranges::copy(old.row(rows[first + i]),
                          block.data.begin() + static_cast<std::ptrdiff_t>(i * dim()));
      add(block);
    });
  }

  bool can_move_vectors() const override { return can_select(*index_); }

  void clear() override {
    call([&] { index_->reset(); });
  }

  std::string training() const override {
    if (size() > 0) throw Error(Fault::internal, name_, "training() of an index with vectors");
    set_default_effort(index_.get());
    return faiss_bytes(*index_);
  }

  void append(Index& other) override {
    auto& from = dynamic_cast<FaissIndex&>(other);
    const bool grows = dynamic_cast<const faiss::IndexHNSW*>(index_.get()) ||
                       dynamic_cast<const faiss::IndexRefine*>(index_.get());
    if (grows) {
      visit_blocks(from.size(), kVectorBlock,
                   [&](std::size_t first, std::size_t count) { add(from.vectors(first, count)); });
      return from.clear();
    }
    // Lists hold ids, which go on; elsewhere they are positions.
    const bool has_ids = find_lists(index_.get()) != nullptr;
    try {
      index_->check_compatible_for_merge(*from.index_);
      index_->merge_from(*from.index_, has_ids ? index_->ntotal : 0);
      from.index_->reset();  // transforms forget to count what they gave away
    } catch (const faiss::FaissException&) {
      throw Error(Fault::data, from.name_, "is of another type or training");
    }
  }

  Neighbours search(MatrixView queries, std::size_t k, RowRange within) const override {
    require_width(queries, dim(), name_);
    require_rows(within, size(), name_);
    if (const auto gallery = exact_vectors(*index_)) {
      return search_rows(*gallery, queries, k, within, threads_);
    }
    return approximate(queries, std::min(k, within.count), within);
  }

  Matrix vectors(std::size_t first, std::size_t count) const override {
    require_rows({first, count}, size(), name_);
    Matrix vectors(count, dim());
    if (count == 0) return vectors;
    call([&] {
      index_->reconstruct_n(static_cast<std::int64_t>(first), static_cast<std::int64_t>(count),
                            vectors.data.data());
    });
    if (mapped_) mapped_->require_undamaged();
    return vectors;
  }

  std::optional<Gallery> gallery() const override { return exact_vectors(*index_); }

  void save(const std::filesystem::path& path) const override { write_faiss(*index_, path); }

 private:
  static std::int64_t rows(MatrixView m) { return static_cast<std::int64_t>(m.rows); }

  Neighbours approximate(MatrixView queries, std::size_t k, RowRange within) const {
    Neighbours found{k, std::vector<std::int64_t>(queries.rows * k),
                     std::vector<float>(queries.rows * k)};
    if (found.ids.empty()) return found;
    if (!is_trained()) throw Error(Fault::data, name_, "holds vectors, but was never trained");
    std::optional<RowFilter> filter;
    if (within.count < size()) filter.emplace(*index_, within, name_);
    const ThreadScope scope(threads_);
    call([&] {
      index_->search(rows(queries), queries.data, static_cast<std::int64_t>(k), found.scores.data(),
                     found.ids.data(), filter ? filter->parameters() : nullptr);
    });
    if (mapped_) mapped_->require_undamaged();
    order_ties(found);
    return found;
  }

  template <typename Work>
  void call(const Work& work) const {
    try {
      work();
    } catch (const faiss::FaissException& error) {
      throw Error(Fault::usage, name_, faiss_reason(error));
    }
  }

  std::unique_ptr<faiss::Index> index_;
  std::string name_;
  const MappedLists* mapped_;
  bool has_graph_;
  int threads_ = 0;
};

}  // namespace

void set_default_effort(faiss::Index* index) {
  if (auto* lists = find_lists(index)) {
    lists->nprobe =
        static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(lists->nlist))));
  }
  if (auto* graph = find_graph(index)) graph->hnsw.efSearch = kDefaultBeam;
}

std::unique_ptr<Index> wrap_faiss(std::unique_ptr<faiss::Index> index, std::string name,
                                  const MappedLists* mapped) {
  return std::make_unique<FaissIndex>(std::move(index), std::move(name), mapped);
}

}  // namespace claptools
