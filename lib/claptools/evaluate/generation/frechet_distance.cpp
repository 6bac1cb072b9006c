#include "claptools/evaluate/generation/frechet_distance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "claptools/core/error.hpp"
#include "claptools/learn/blas.hpp"

// LAPACK by its Fortran names, as BLAS in blas.hpp.
extern "C" {
void dgelqf_(const int* m, const int* n, double* a, const int* lda, double* tau, double* work,
             const int* work_size, int* info);
void dgesvd_(const char* job_u, const char* job_vt, const int* m, const int* n, double* a,
             const int* lda, double* s, double* u, const int* ldu, double* vt, const int* ldvt,
             double* work, const int* work_size, int* info);
}

namespace claptools {
namespace {

constexpr std::size_t kBlockRows = 1024;

void require_done(int info) {
  if (info != 0) throw Error(Fault::internal, "LAPACK", "returned " + std::to_string(info));
}

std::vector<double> mean_of(MatrixView rows) {
  std::vector<double> mean(rows.cols);
  for (std::size_t i = 0; i < rows.rows; ++i)
    for (std::size_t j = 0; j < rows.cols; ++j) mean[j] += rows.row(i)[j];
  for (double& value : mean) value /= static_cast<double>(rows.rows);
  return mean;
}

/// Makes of [rows, dim], which columns of `a` are, the lower triangle with the same products.
/// @return its columns, min(rows, dim).
std::size_t triangle(std::vector<double>& a, std::size_t dim) {
  const int m = static_cast<int>(dim), n = static_cast<int>(a.size() / dim), size = m * 64;
  std::vector<double> tau(std::min(m, n)), work(size);
  int info = 0;
  dgelqf_(&m, &n, a.data(), &m, tau.data(), work.data(), &size, &info);
  require_done(info);
  a.resize(tau.size() * dim);
  for (std::size_t c = 1; c < tau.size(); ++c) std::fill_n(a.data() + c * dim, c, 0.0);
  return tau.size();
}

/// The sum of the singular values of [m, n].
double nuclear_norm(std::vector<double>& a, int m, int n) {
  std::vector<double> values(std::min(m, n)), work(5 * std::max(m, n) + 64 * (m + n));
  const int one = 1, size = static_cast<int>(work.size());
  int info = 0;
  double none = 0;
  dgesvd_("N", "N", &m, &n, a.data(), &m, values.data(), &none, &one, &none, &one, work.data(),
          &size, &info);
  require_done(info);
  return std::accumulate(values.begin(), values.end(), 0.0);
}

double square_sum(const std::vector<double>& values) {
  return std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
}

}  // namespace

EmbeddingMoments embedding_moments(MatrixView rows) {
  if (rows.rows < 2) throw Error(Fault::data, "embeddings", "a distance needs at least two rows");
  if (openblas_set_num_threads) openblas_set_num_threads(1);
  EmbeddingMoments moments{rows.rows, mean_of(rows), 0, {}};
  const double scale = std::sqrt(static_cast<double>(rows.rows - 1));
  for (std::size_t first = 0; first < rows.rows; first += kBlockRows) {
    const std::size_t end = std::min(first + kBlockRows, rows.rows);
    for (std::size_t i = first; i < end; ++i)
      for (std::size_t j = 0; j < rows.cols; ++j)
        moments.factor.push_back((rows.row(i)[j] - moments.mean[j]) / scale);
    moments.rank = triangle(moments.factor, rows.cols);
  }
  return moments;
}

double frechet_distance(const EmbeddingMoments& a, const EmbeddingMoments& b) {
  if (a.mean.size() != b.mean.size())
    throw Error(Fault::data, "embeddings", "have different dimensions");
  const int dim = static_cast<int>(a.mean.size());
  const int m = static_cast<int>(a.rank), n = static_cast<int>(b.rank);
  const double one = 1, zero = 0;
  std::vector<double> product(a.rank * b.rank);
  dgemm_("T", "N", &m, &n, &dim, &one, a.factor.data(), &dim, b.factor.data(), &dim, &zero,
         product.data(), &m);
  double distance = square_sum(a.factor) + square_sum(b.factor) - 2 * nuclear_norm(product, m, n);
  for (std::size_t j = 0; j < a.mean.size(); ++j)
    distance += (a.mean[j] - b.mean[j]) * (a.mean[j] - b.mean[j]);
  return std::max(distance, 0.0);
}

}  // namespace claptools
