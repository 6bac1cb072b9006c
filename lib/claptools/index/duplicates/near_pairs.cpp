#include "claptools/index/duplicates/near_pairs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <mutex>
#include <string>
#include <utility>

#include "claptools/core/dot.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/parallel_for.hpp"
#include "claptools/core/processors.hpp"
#include "claptools/index/duplicates/row_sketch.hpp"
#include "claptools/index/flat/packed_gallery.hpp"
#include "claptools/store/row_blocks.hpp"

namespace claptools {
namespace {

constexpr double kHalfDigit = 5e-7;       // of a score as it is printed
constexpr std::size_t kCopyBlock = 8192;  // rows

/// The vectors of an index that does not have them as they are searched.
Matrix copy_unit_rows(const SearchIndex& index) {
  Matrix copy(index.size(), index.dim());
  visit_blocks(index.size(), kCopyBlock, [&](std::size_t first, std::size_t count) {
    const Matrix block = index.vectors(first, count);
    for (std::size_t r = 0; r < count; ++r) {
      double square = 0;
      for (const float x : block.row(r)) square += double{x} * x;
      const double scale = square > 0 ? 1 / std::sqrt(square) : 0;
      std::ranges::transform(block.row(r), copy.row(first + r).begin(),
                             [&](float x) { return static_cast<float>(x * scale); });
    }
  });
  return copy;
}

/// The space that the sketches of a block take up.
struct Box {
  std::vector<float> low, high;
};

Box box_of(MatrixView rows) {
  const auto first = rows.row(0);
  Box box{{first.begin(), first.end()}, {first.begin(), first.end()}};
  for (std::size_t r = 1; r < rows.rows; ++r) {
    for (std::size_t c = 0; c < rows.cols; ++c) {
      box.low[c] = std::min(box.low[c], rows.row(r)[c]);
      box.high[c] = std::max(box.high[c], rows.row(r)[c]);
    }
  }
  return box;
}

/// Squared distance of two boxes.
float distance2(const Box& a, const Box& b) {
  float sum = 0;
  for (std::size_t c = 0; c < a.low.size(); ++c) {
    const float gap = std::max({a.low[c] - b.high[c], b.low[c] - a.high[c], 0.0F});
    sum += gap * gap;
  }
  return sum;
}

/// Whether one of `count` scores reaches `least`: nearly always none does.
[[gnu::always_inline]] inline bool any_reaches(const float* scores, std::size_t count,
                                               float least) {
  int reaching = 0;
  for (std::size_t i = 0; i < count; ++i) reaching |= scores[i] >= least;
  return reaching != 0;
}

using Reaches = ForProcessors<any_reaches, any_reaches, any_reaches>;

class PairFinder {
 public:
  PairFinder(const Gallery& gallery, std::span<const std::uint32_t> recordings,
             const PairOptions& options)
      : gallery_(gallery),
        recordings_(recordings),
        options_(options),
        least_(static_cast<float>(options.threshold - kHalfDigit)),
        sketches_(
            sketch_rows(gallery, recordings, options.threshold - kHalfDigit, options.threads)) {
    // |a - b|^2 = |a|^2 + |b|^2 - 2ab: blocks that are further apart have no pair.
    float longest = 0;
    for (std::size_t i = 0; i < gallery.rows; i += kSketchBlock) {
      boxes_.push_back(box_of(block(i / kSketchBlock)));
    }
    for (std::size_t i = 0; i < gallery.rows; ++i) {
      const auto row = sketches_.values.row(i);
      float square = 0;
      for (const float x : row) square += x * x;
      longest = std::max(longest, square);
    }
    furthest_ = 2 * (longest - least_) + 4 * sketches_.slack;
  }

  std::vector<RowPair> find() {
    const std::size_t blocks = boxes_.size();
    parallel_for(blocks, options_.threads, [&](std::size_t i) {
      const std::size_t b = blocks - 1 - i;  // the longest first
      if (!stopped()) add(compare(b), b + 1);
    });
    std::ranges::sort(found_, {}, [](const RowPair& p) { return std::pair(p.first, p.second); });
    return std::move(found_);
  }

 private:
  bool stopped() const { return options_.stop != nullptr && options_.stop->load(); }

  MatrixView block(std::size_t b) const {
    const std::size_t first = b * kSketchBlock;
    return sketches_.values.view().slice(first, std::min(kSketchBlock, gallery_.rows - first));
  }

  /// Block b with itself and all before it.
  std::vector<RowPair> compare(std::size_t b) {
    std::vector<RowPair> found;
    PackedGallery panels;
    const MatrixView rows = block(b);
    panels.pack(rows);
    std::vector<float> scores(kSketchBlock * rows.rows);
    for (std::size_t a = 0; a <= b && !stopped(); ++a) {
      if (distance2(boxes_[a], boxes_[b]) > furthest_) continue;
      const MatrixView others = block(a);
      panels.score(others, std::span(scores).first(others.rows * rows.rows));
      for (std::size_t q = 0; q < others.rows; ++q) {
        const std::size_t first = a == b ? q + 1 : 0;
        collect(a * kSketchBlock + q, b * kSketchBlock, &scores[q * rows.rows], first, rows.rows,
                found);
      }
      if (found.size() > options_.max_pairs) refuse();
    }
    return found;
  }

  /// The pairs of the sketch at position `a` with those at `block` + [first, end) that are not
  /// ruled out, by their vectors.
  void collect(std::size_t a, std::size_t block, const float* scores, std::size_t first,
               std::size_t end, std::vector<RowPair>& found) const {
    const float least = least_ - sketches_.slack;
    const std::uint32_t row = sketches_.order[a];
    if (!any_reaches_(scores + first, end - first, least)) return;
    std::array<std::uint32_t, kSketchBlock> likely;
    std::size_t count = 0;
    for (std::size_t i = first; i < end; ++i) {
      const std::uint32_t other = sketches_.order[block + i];
      if (scores[i] >= least && recordings_[row] != recordings_[other]) likely[count++] = other;
    }
    if (count > 0) verify(row, std::span(likely).first(count), found);
  }

  void verify(std::uint32_t row, std::span<const std::uint32_t> others,
              std::vector<RowPair>& found) const {
    std::vector<float> scratch;
    Matrix rows(others.size(), gallery_.cols), scores(1, others.size());
    for (std::size_t i = 0; i < others.size(); ++i)
      std::ranges::copy(gallery_.slice(others[i], 1).floats(scratch).row(0), rows.row(i).begin());
    multiply_transposed(gallery_.slice(row, 1).floats(scratch), rows, scores.data);
    for (std::size_t i = 0; i < others.size(); ++i) {
      if (scores.data[i] < least_) continue;
      const auto [low, high] = std::minmax(row, others[i]);
      found.push_back({low, high, scores.data[i]});
    }
  }

  /// @param blocks that were compared.
  void add(const std::vector<RowPair>& more, std::size_t blocks) {
    const std::scoped_lock lock(mutex_);
    found_.insert(found_.end(), more.begin(), more.end());
    if (found_.size() > options_.max_pairs) refuse();
    done_ += blocks;
    const auto all = static_cast<double>(boxes_.size());
    if (options_.progress) options_.progress(2 * static_cast<double>(done_) / (all * (all + 1)));
  }

  [[noreturn]] void refuse() const {
    throw Error(Fault::unavailable, "duplicates",
                "more than " + std::to_string(options_.max_pairs) +
                    " pairs of windows reach `threshold`: raise it, or `max_pairs`");
  }

  const Gallery& gallery_;
  std::span<const std::uint32_t> recordings_;
  const PairOptions& options_;
  const Reaches::Function any_reaches_ = Reaches::choose();
  float least_;
  RowSketches sketches_;
  std::vector<Box> boxes_;
  float furthest_ = 0;  ///< squared distance of blocks beyond which no pair is near
  std::mutex mutex_;    ///< of what follows
  std::vector<RowPair> found_;
  std::size_t done_ = 0;  ///< pairs of blocks
};

}  // namespace

std::vector<RowPair> find_near_pairs(const SearchIndex& index,
                                     std::span<const std::uint32_t> recordings,
                                     const PairOptions& options) {
  if (recordings.size() != index.size())
    throw Error(Fault::internal, "duplicates", "recordings and vectors do not fit");
  if (index.size() > std::numeric_limits<std::uint32_t>::max())
    throw Error(Fault::unavailable, "duplicates", "the index has more than 2^32 rows");
  if (index.size() < 2) return {};
  if (const auto gallery = index.gallery()) {
    return PairFinder(*gallery, recordings, options).find();
  }
  const Matrix copy = copy_unit_rows(index);
  const Gallery rows{copy.data.data(), copy.rows, copy.cols, Gallery::Type::float32};
  return PairFinder(rows, recordings, options).find();
}

}  // namespace claptools
