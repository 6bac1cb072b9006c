#include "claptools/model/layers/normalise_rows.hpp"

#include <cmath>

#include "claptools/core/processors.hpp"
#include "claptools/core/vectors.hpp"

namespace claptools {
namespace {

using Index = std::int64_t;

/// The sum of term(x) over a row; term takes a vector or a single float.
template <class Vector, class Term>
CLAPTOOLS_INLINE float sum_row(const float* row, Index width, const Term& term) {
  Vector sums{};
  Index i = 0;
  for (; i + kLanes<Vector> <= width; i += kLanes<Vector>) sums += term(load<Vector>(row + i));
  float sum = sum_of(sums);
  for (; i < width; ++i) sum += term(row[i]);
  return sum;
}

template <class Vector>
CLAPTOOLS_INLINE void normalise(const RowNorm& norm, const float* x, float* out) {
  const auto width = static_cast<float>(norm.width);
  for (Index row = 0; row < norm.rows; ++row, x += norm.width, out += norm.width) {
    const float mean =
        sum_row<Vector>(x, norm.width, [](const auto& part) { return part; }) / width;
    const float squares = sum_row<Vector>(x, norm.width, [&](const auto& part) {
      const auto centred = part - mean;
      return centred * centred;
    });
    const float scale = 1 / std::sqrt(squares / width + norm.eps);
    Index i = 0;
    for (; i + kLanes<Vector> <= norm.width; i += kLanes<Vector>) {
      const Vector centred = load<Vector>(x + i) - mean;
      store(out + i,
            Vector(centred * scale * load<Vector>(norm.weight + i) + load<Vector>(norm.bias + i)));
    }
    for (; i < norm.width; ++i) out[i] = (x[i] - mean) * scale * norm.weight[i] + norm.bias[i];
  }
}

}  // namespace

void normalise_rows(const RowNorm& norm, const float* x, float* out) {
  static const auto choice =
      ForProcessors<normalise<Vector4>, normalise<Vector8>, normalise<Vector16>>::choose();
  choice(norm, x, out);
}

}  // namespace claptools
