#include "claptools/index/duplicates/row_sketch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "claptools/core/dot.hpp"
#include "claptools/core/parallel_for.hpp"
#include "claptools/index/duplicates/directions.hpp"
#include "claptools/index/flat/packed_gallery.hpp"

namespace claptools {
namespace {

constexpr std::size_t kSample = 2048;      // rows that directions are taken from
constexpr std::size_t kPairSample = 1024;  // rows that are paired to choose a width
constexpr std::size_t kChunk = 4096;       // rows that one thread projects at a time
constexpr std::array<std::size_t, 5> kWidths{16, 32, 64, 128, 256};
// What costs as much as a multiplication in the comparison of sketches: comparing one, beside its
// numbers, and comparing two rows, which lie anywhere in memory, for each of their numbers.
constexpr double kPairCost = 8, kExactCost = 10;

/// The rounding of a sum of `dim` products of float32, four times over: both rows' coordinates, the
/// lengths and the sum itself.
float rounding(std::size_t dim) {
  return 4 * static_cast<float>(dim + 64) * std::numeric_limits<float>::epsilon() / 2;
}

/// @return at most `most` rows, evenly spread.
std::vector<std::uint32_t> spread_rows(std::size_t rows, std::size_t most) {
  std::vector<std::uint32_t> some(std::min(rows, most));
  for (std::size_t i = 0; i < some.size(); ++i)
    some[i] = static_cast<std::uint32_t>(i * rows / some.size());
  return some;
}

Matrix take_rows(const Gallery& gallery, std::span<const std::uint32_t> rows) {
  Matrix taken(rows.size(), gallery.cols);
  std::vector<float> scratch;
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::ranges::copy(gallery.slice(rows[i], 1).floats(scratch).row(0), taken.row(i).begin());
  return taken;
}

/// Sketches of rows. @param directions [width - 1, dim]. @param out [rows, width].
void sketch(MatrixView rows, MatrixView directions, float slack, float* out) {
  PackedGallery panels;
  panels.pack(directions);
  std::vector<float> along(rows.rows * directions.rows);
  panels.score(rows, along);
  for (std::size_t r = 0; r < rows.rows; ++r, out += directions.rows + 1) {
    const float* coordinates = &along[r * directions.rows];
    double left = double{slack};
    for (const float x : rows.row(r)) left += double{x} * x;
    for (std::size_t c = 0; c < directions.rows; ++c) {
      out[c] = coordinates[c];
      left -= double{out[c]} * out[c];
    }
    // Never less than the slack: lengths near zero would lose all digits.
    out[directions.rows] = static_cast<float>(std::sqrt(std::max(left, double{slack})));
  }
}

/// Share of the pairs of a sample that the sketches of this width do not rule out.
double share_left(MatrixView rows, std::span<const std::uint32_t> recordings, MatrixView directions,
                  double threshold, float slack) {
  Matrix sketches(rows.rows, directions.rows + 1), scores(rows.rows, rows.rows);
  sketch(rows, directions, slack, sketches.data.data());
  multiply_transposed(sketches, sketches, scores.data);
  std::size_t pairs = 1, left = 0;
  for (std::size_t a = 0; a < rows.rows; ++a) {
    for (std::size_t b = a + 1; b < rows.rows; ++b) {
      if (recordings[a] == recordings[b]) continue;
      ++pairs;
      left += double{scores.row(a)[b]} >= threshold - double{slack};
    }
  }
  return static_cast<double>(left) / static_cast<double>(pairs);
}

/// Directions of the width that costs least.
Matrix choose_directions(const Gallery& gallery, std::span<const std::uint32_t> recordings,
                         double threshold, float slack) {
  const std::size_t most = std::min(gallery.cols, kWidths.back() - 1);
  Matrix all = principal_directions(take_rows(gallery, spread_rows(gallery.rows, kSample)), most);
  const auto paired = spread_rows(gallery.rows, kPairSample);
  const Matrix rows = take_rows(gallery, paired);
  std::vector<std::uint32_t> of;
  for (const std::uint32_t row : paired) of.push_back(recordings[row]);
  double least = std::numeric_limits<double>::infinity();
  std::size_t best = most;
  for (const std::size_t width : kWidths) {
    const std::size_t count = std::min(width - 1, most);
    const double share = share_left(rows, of, all.view().slice(0, count), threshold, slack);
    const double cost = static_cast<double>(count + 1) + kPairCost +
                        share * kExactCost * static_cast<double>(gallery.cols);
    if (cost >= least) continue;
    least = cost;
    best = count;
  }
  all.rows = best;
  all.data.resize(best * all.cols);
  return all;
}

/// The number in which rows vary most.
std::size_t widest(MatrixView values, std::span<const std::uint32_t> rows) {
  std::vector<double> sums(values.cols), squares(values.cols);
  for (const std::uint32_t r : rows) {
    const auto row = values.row(r);
    for (std::size_t c = 0; c < values.cols; ++c) {
      sums[c] += double{row[c]};
      squares[c] += double{row[c]} * row[c];
    }
  }
  const auto count = static_cast<double>(rows.size());
  std::size_t best = 0;
  for (std::size_t c = 0; c < values.cols; ++c) {
    squares[c] -= sums[c] * sums[c] / count;
    if (squares[c] > squares[best]) best = c;
  }
  return best;
}

/// Sorts like a k-d tree, whose leaves are blocks.
void sort_blocks(MatrixView values, std::span<std::uint32_t> rows) {
  if (rows.size() <= kSketchBlock) return;
  const std::size_t blocks = (rows.size() + kSketchBlock - 1) / kSketchBlock;
  const std::size_t middle = (blocks + 1) / 2 * kSketchBlock;
  const std::size_t c = widest(values, rows);
  std::nth_element(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(middle), rows.end(),
                   [&](std::uint32_t a, std::uint32_t b) {
                     const float x = values.row(a)[c], y = values.row(b)[c];
                     return x < y || (x == y && a < b);
                   });
  sort_blocks(values, rows.first(middle));
  sort_blocks(values, rows.subspan(middle));
}

}  // namespace

RowSketches sketch_rows(const Gallery& gallery, std::span<const std::uint32_t> recordings,
                        double threshold, int threads) {
  RowSketches sketches;
  sketches.slack = rounding(gallery.cols);
  const Matrix directions = choose_directions(gallery, recordings, threshold, sketches.slack);
  Matrix values(gallery.rows, directions.rows + 1);
  parallel_for((gallery.rows + kChunk - 1) / kChunk, threads, [&](std::size_t chunk) {
    const std::size_t first = chunk * kChunk, count = std::min(kChunk, gallery.rows - first);
    std::vector<float> scratch;
    sketch(gallery.slice(first, count).floats(scratch), directions, sketches.slack,
           values.row(first).data());
  });
  sketches.order.resize(gallery.rows);
  std::iota(sketches.order.begin(), sketches.order.end(), 0u);
  sort_blocks(values, sketches.order);
  sketches.values = Matrix(values.rows, values.cols);
  for (std::size_t i = 0; i < values.rows; ++i)
    std::ranges::copy(values.row(sketches.order[i]), sketches.values.row(i).begin());
  return sketches;
}

}  // namespace claptools
