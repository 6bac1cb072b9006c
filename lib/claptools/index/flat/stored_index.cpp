#include "claptools/index/flat/stored_index.hpp"

#include <algorithm>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/index/faiss/thread_scope.hpp"

namespace claptools {
namespace {

class StoredIndex : public SearchIndex {
 public:
  StoredIndex(std::shared_ptr<const CheckedFile> file, const Gallery& vectors)
      : file_(std::move(file)), vectors_(vectors) {}

  std::size_t size() const override { return vectors_.rows; }
  std::size_t dim() const override { return vectors_.cols; }
  std::string type() const override {
    return vectors_.type == Gallery::Type::float32 ? "Flat" : "SQfp16";
  }
  void set_threads(int threads) override { threads_ = threads; }

  void set_effort(const SearchEffort& effort) override {
    if (effort.nprobe > 0 || effort.ef > 0) {
      throw Error(Fault::usage, file_->subject(),
                  "is searched exactly: there is no search effort to choose");
    }
  }

  Neighbours search(MatrixView queries, std::size_t k, RowRange rows) const override {
    require_width(queries, dim(), file_->subject());
    require_rows(rows, size(), file_->subject());
    check(rows);
    return search_rows(vectors_, queries, k, rows, threads_);
  }

  Matrix vectors(std::size_t first, std::size_t count) const override {
    require_rows({first, count}, size(), file_->subject());
    check({first, count});
    std::vector<float> scratch;
    const MatrixView view = vectors_.slice(first, count).floats(scratch);
    Matrix copy(count, dim());
    std::copy_n(view.data, count * dim(), copy.data.begin());
    return copy;
  }

  std::optional<Gallery> gallery() const override {
    check({0, size()});
    return vectors_;
  }

 private:
  void check(RowRange rows) const {
    const ThreadScope scope(threads_);
    const auto* begin = static_cast<const std::byte*>(vectors_.data);
    const auto offset = static_cast<std::size_t>(begin - file_->bytes().data());
    file_->check(offset + rows.first * vectors_.row_bytes(), rows.count * vectors_.row_bytes());
  }

  std::shared_ptr<const CheckedFile> file_;
  Gallery vectors_;
  int threads_ = 0;
};

}  // namespace

std::unique_ptr<SearchIndex> open_stored_vectors(std::shared_ptr<const CheckedFile> file,
                                                 const Gallery& vectors) {
  return std::make_unique<StoredIndex>(std::move(file), vectors);
}

void require_rows(RowRange rows, std::size_t size, const std::string& subject) {
  if (rows.first <= size && rows.count <= size - rows.first) return;
  throw Error(Fault::usage, subject, "has only " + std::to_string(size) + " vectors");
}

void require_width(MatrixView m, std::size_t dim, const std::string& subject) {
  if (m.cols == dim) return;
  throw Error(Fault::data, subject,
              "holds vectors of width " + std::to_string(dim) + ", not " + std::to_string(m.cols));
}

Neighbours search_rows(const Gallery& gallery, MatrixView queries, std::size_t k, RowRange rows,
                       int threads) {
  const ThreadScope scope(threads);
  Neighbours found =
      flat_search(gallery.slice(rows.first, rows.count), queries, std::min(k, rows.count));
  for (std::int64_t& id : found.ids) id += static_cast<std::int64_t>(rows.first);
  return found;
}

}  // namespace claptools
