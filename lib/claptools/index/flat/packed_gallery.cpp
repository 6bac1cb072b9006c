#include "claptools/index/flat/packed_gallery.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

#include "claptools/core/error.hpp"
#include "claptools/core/processors.hpp"

namespace claptools {
namespace {

constexpr std::size_t kLanes = 16;   // rows of a panel
constexpr std::size_t kQueries = 6;  // whose sums fill the registers of AVX2
constexpr std::size_t kPanels = 4;   // that a single query meets at a time
constexpr std::size_t kStretch =
    64;  // numbers of a row that are laid out at a time: 4 KiB of a panel
constexpr std::size_t kLineBytes = 64;

/// Read where it lies: a copy by memcpy would pass through memory 16 bytes at a time (GCC 12),
/// which takes several times as long as all sums.
template <std::size_t kBytes>
using Vector __attribute__((vector_size(kBytes), may_alias)) = float;

/// Scores of kQueries queries against one panel.
template <std::size_t kBytes>
[[gnu::always_inline]] inline void score_panel(const float* const* queries, const float* panel,
                                               std::size_t dim, float* out) {
  constexpr std::size_t kParts = kLanes * sizeof(float) / kBytes;
  Vector<kBytes> sums[kQueries][kParts] = {};
  const float* q[kQueries];
  std::copy_n(queries, kQueries, q);
  for (std::size_t d = 0; d < dim; ++d, panel += kLanes) {
    const auto* rows = reinterpret_cast<const Vector<kBytes>*>(panel);
#pragma GCC unroll 6
    for (std::size_t i = 0; i < kQueries; ++i)
#pragma GCC unroll 4
      for (std::size_t p = 0; p < kParts; ++p) sums[i][p] += q[i][d] * rows[p];
  }
  std::memcpy(out, sums, sizeof sums);
}

/// Scores of one query against kPanels panels, which keep the processor from waiting for sums.
template <std::size_t kBytes>
[[gnu::always_inline]] inline void score_query(const float* query, const float* const* panels,
                                               std::size_t dim, float* out) {
  constexpr std::size_t kParts = kLanes * sizeof(float) / kBytes;
  Vector<kBytes> sums[kPanels][kParts] = {};
  const float* from[kPanels];
  std::copy_n(panels, kPanels, from);
  for (std::size_t d = 0; d < dim; ++d) {
#pragma GCC unroll 4
    for (std::size_t i = 0; i < kPanels; ++i) {
      const auto* rows = reinterpret_cast<const Vector<kBytes>*>(from[i] + d * kLanes);
#pragma GCC unroll 4
      for (std::size_t p = 0; p < kParts; ++p) sums[i][p] += query[d] * rows[p];
    }
  }
  std::memcpy(out, sums, sizeof sums);
}

using ScorePanel = ForProcessors<score_panel<16>, score_panel<32>, score_panel<64>>;
using ScoreQuery = ForProcessors<score_query<16>, score_query<32>, score_query<64>>;

using Four = Vector<4 * sizeof(float)>;

/// Four numbers of four rows, the other way round.
[[gnu::always_inline]] inline void transpose(const float* const* rows, std::size_t d, float* out) {
  using Order = int __attribute__((vector_size(4 * sizeof(int))));
  Four in[4];
  for (std::size_t i = 0; i < 4; ++i) std::memcpy(&in[i], rows[i] + d, sizeof in[i]);
  const Four a = __builtin_shuffle(in[0], in[1], Order{0, 4, 1, 5});
  const Four b = __builtin_shuffle(in[0], in[1], Order{2, 6, 3, 7});
  const Four c = __builtin_shuffle(in[2], in[3], Order{0, 4, 1, 5});
  const Four e = __builtin_shuffle(in[2], in[3], Order{2, 6, 3, 7});
  const Four turned[4] = {
      __builtin_shuffle(a, c, Order{0, 1, 4, 5}), __builtin_shuffle(a, c, Order{2, 3, 6, 7}),
      __builtin_shuffle(b, e, Order{0, 1, 4, 5}), __builtin_shuffle(b, e, Order{2, 3, 6, 7})};
  for (std::size_t i = 0; i < 4; ++i) std::memcpy(out + i * kLanes, &turned[i], sizeof turned[i]);
}

}  // namespace

void PackedGallery::pack(MatrixView rows) {
  rows_ = rows.rows;
  dim_ = rows.cols;
  const std::size_t count = (rows_ + kLanes - 1) / kLanes * kLanes * dim_;
  panels_.resize(count + kLineBytes / sizeof(float));
  void* data = panels_.data();
  std::size_t space = panels_.size() * sizeof(float);
  data_ = static_cast<float*>(std::align(kLineBytes, count * sizeof(float), data, space));
  for (std::size_t r = 0; r < rows_; r += kLanes) {
    float* panel = data_ + r * dim_;
    for (std::size_t first = 0; first < dim_; first += kStretch) {
      const std::size_t end = std::min(first + kStretch, dim_);
      for (std::size_t lane = 0; lane < kLanes; lane += 4) {
        const float* four[4];  // past the end the last row stands in
        for (std::size_t i = 0; i < 4; ++i)
          four[i] = rows.row(std::min(r + lane + i, rows_ - 1)).data();
        std::size_t d = first;
        for (; d + 4 <= end; d += 4) transpose(four, d, panel + d * kLanes + lane);
        for (; d < end; ++d)
          for (std::size_t i = 0; i < 4; ++i) panel[d * kLanes + lane + i] = four[i][d];
      }
    }
  }
}

void PackedGallery::score(MatrixView queries, std::span<float> out) const {
  if (queries.cols != dim_ || out.size() != queries.rows * rows_)
    throw Error(Fault::internal, "PackedGallery", "shapes do not fit");
  if (queries.rows == 1) return score_one(queries.data, out);
  alignas(kLineBytes) float tile[kQueries][kLanes];
  const ScorePanel::Function score = ScorePanel::choose();
  for (std::size_t r = 0; r < rows_; r += kLanes) {
    const std::size_t lanes = std::min(kLanes, rows_ - r);
    for (std::size_t q = 0; q < queries.rows; q += kQueries) {
      const float* some[kQueries];
      for (std::size_t i = 0; i < kQueries; ++i)
        some[i] = queries.row(std::min(q + i, queries.rows - 1)).data();
      score(some, data_ + r * dim_, dim_, tile[0]);
      for (std::size_t i = 0; i < std::min(kQueries, queries.rows - q); ++i) {
        float* const scores = &out[(q + i) * rows_ + r];
        if (lanes == kLanes) {
          std::memcpy(scores, tile[i], sizeof tile[i]);  // of a known size: no call
        } else {
          std::copy_n(tile[i], lanes, scores);
        }
      }
    }
  }
}

/// What somebody types is one query; a whole tile would take several times as long.
void PackedGallery::score_one(const float* query, std::span<float> out) const {
  alignas(kLineBytes) float scores[kPanels * kLanes];
  const ScoreQuery::Function score = ScoreQuery::choose();
  const std::size_t last = (rows_ - 1) / kLanes;
  for (std::size_t r = 0; r < rows_; r += kPanels * kLanes) {
    const float* panels[kPanels];
    for (std::size_t i = 0; i < kPanels; ++i)
      panels[i] = data_ + std::min(r / kLanes + i, last) * kLanes * dim_;
    score(query, panels, dim_, scores);
    std::copy_n(scores, std::min(rows_ - r, kPanels * kLanes), &out[r]);
  }
}

}  // namespace claptools
