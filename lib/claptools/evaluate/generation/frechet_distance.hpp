#pragma once

#include <cstddef>
#include <vector>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// Mean and covariance of embeddings, as a normal distribution has them. The covariance is kept as
/// a factor, whose singular values are those of the rows: none of its digits are squared away.
struct EmbeddingMoments {
  std::size_t rows = 0;
  std::vector<double> mean;    ///< [dim]
  std::size_t rank = 0;        ///< at most min(rows, dim)
  std::vector<double> factor;  ///< [rank, dim], F: the covariance, over rows - 1, is F' F
};

/// @param rows [n, dim], finite. @throws Error{data} for fewer than two rows.
EmbeddingMoments embedding_moments(MatrixView rows);

/// |m - n|^2 + tr S + tr T - 2 tr (S T)^(1/2) of means m, n and covariances S, T, at least 0. The
/// trace of the root is the sum of the singular values of F G', S = F' F, T = G' G, so that it is
/// exact also where rows are fewer than dimensions, without adding anything to the diagonals.
/// @throws Error{data} if the dimensions differ; {internal} if LAPACK does not converge.
/// Source: Dowson and Landau, 1982; Kilgour et al., "Fréchet audio distance", Interspeech 2019.
double frechet_distance(const EmbeddingMoments& a, const EmbeddingMoments& b);

}  // namespace claptools
