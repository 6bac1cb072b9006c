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
constexpr std::size_t kStretch =
    64;  // numbers of a row that are laid out at a time: 4 KiB of a panel
constexpr std::size_t kLineBytes = 64;

template <std::size_t kBytes>
using Vector __attribute__((vector_size(kBytes))) = float;

/// Scores of kQueries queries against one panel.
template <std::size_t kBytes>
[[gnu::always_inline]] inline void score_panel(const float* const* queries, const float* panel,
                                               std::size_t dim, float* out) {
  constexpr std::size_t kParts = kLanes * sizeof(float) / kBytes;
  Vector<kBytes> sums[kQueries][kParts] = {};
  const float *q0 = queries[0], *q1 = queries[1], *q2 = queries[2], *q3 = queries[3],
              *q4 = queries[4], *q5 = queries[5];
  for (std::size_t d = 0; d < dim; ++d, panel += kLanes) {
    Vector<kBytes> rows[kParts];
    std::memcpy(&rows, panel, sizeof rows);
    for (std::size_t p = 0; p < kParts; ++p) {
      sums[0][p] += q0[d] * rows[p];
      sums[1][p] += q1[d] * rows[p];
      sums[2][p] += q2[d] * rows[p];
      sums[3][p] += q3[d] * rows[p];
      sums[4][p] += q4[d] * rows[p];
      sums[5][p] += q5[d] * rows[p];
    }
  }
  std::memcpy(out, sums, sizeof sums);
}

using ScorePanel = void (*)(const float* const* queries, const float* panel, std::size_t dim,
                            float* out);

CLAPTOOLS_PROCESSORS
void score_by_8(const float* const* queries, const float* panel, std::size_t dim, float* out) {
  score_panel<32>(queries, panel, dim, out);
}

CLAPTOOLS_PROCESSORS
void score_by_16(const float* const* queries, const float* panel, std::size_t dim, float* out) {
  score_panel<64>(queries, panel, dim, out);
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
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        // Past the end the last row stands in.
        const float* row = rows.row(std::min(r + lane, rows_ - 1)).data();
        for (std::size_t d = first; d < end; ++d) panel[d * kLanes + lane] = row[d];
      }
    }
  }
}

void PackedGallery::score(MatrixView queries, std::span<float> out) const {
  if (queries.cols != dim_ || out.size() != queries.rows * rows_)
    throw Error(Fault::internal, "PackedGallery", "shapes do not fit");
  alignas(kLineBytes) float tile[kQueries][kLanes];
  const ScorePanel score_panel = has_wide_vectors() ? score_by_16 : score_by_8;
  for (std::size_t r = 0; r < rows_; r += kLanes) {
    const std::size_t lanes = std::min(kLanes, rows_ - r);
    for (std::size_t q = 0; q < queries.rows; q += kQueries) {
      const float* some[kQueries];
      for (std::size_t i = 0; i < kQueries; ++i)
        some[i] = queries.row(std::min(q + i, queries.rows - 1)).data();
      score_panel(some, data_ + r * dim_, dim_, tile[0]);
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

}  // namespace claptools
