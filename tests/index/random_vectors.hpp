#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/index/index.hpp"

namespace claptools::testing {

/// Unit rows in clusters, so that approximate search has something to hold on to.
inline Matrix unit_rows(std::size_t rows, std::size_t dim, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal;
  Matrix centres(16, dim);
  std::mt19937 fixed(99);
  for (float& x : centres.data) x = normal(fixed);
  Matrix m(rows, dim);
  for (std::size_t i = 0; i < rows; ++i) {
    const auto centre = centres.row(engine() % centres.rows);
    double square = 0;
    for (std::size_t d = 0; d < dim; ++d) {
      const float x = centre[d] + normal(engine);
      m.row(i)[d] = x;
      square += double{x} * x;
    }
    for (float& x : m.row(i)) x /= static_cast<float>(std::sqrt(square));
  }
  return m;
}

/// The k best ids of every query, from dot products in double: the lower id first on a tie.
inline std::vector<std::int64_t> brute_force(MatrixView gallery, MatrixView queries,
                                             std::size_t k) {
  std::vector<std::int64_t> ids;
  for (std::size_t q = 0; q < queries.rows; ++q) {
    std::vector<std::pair<double, std::int64_t>> order;
    for (std::size_t g = 0; g < gallery.rows; ++g) {
      double dot = 0;
      for (std::size_t d = 0; d < gallery.cols; ++d)
        dot += double{queries.row(q)[d]} * gallery.row(g)[d];
      order.emplace_back(-dot, g);
    }
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < k; ++i) ids.push_back(order[i].second);
  }
  return ids;
}

/// Share of the exact neighbours that were found.
inline double recall(const Neighbours& found, const std::vector<std::int64_t>& exact) {
  std::size_t hits = 0;
  for (std::size_t first = 0; first < exact.size(); first += found.k) {
    const auto begin = found.ids.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = begin + static_cast<std::ptrdiff_t>(found.k);
    for (std::size_t i = 0; i < found.k; ++i) hits += std::count(begin, end, exact[first + i]) > 0;
  }
  return static_cast<double>(hits) / static_cast<double>(exact.size());
}

/// A folder of its own, gone with this object.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "claptools.XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() { std::filesystem::remove_all(path_); }

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace claptools::testing
