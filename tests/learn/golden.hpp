#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "claptools/core/matrix.hpp"

namespace claptools::testing {

/// tests/data/learn/golden.json, as its recipe make_golden.py has it.
inline const nlohmann::json& golden() {
  static const nlohmann::json parsed = [] {
    std::ifstream in(std::string(CLAPTOOLS_TEST_DATA) + "/learn/golden.json");
    return nlohmann::json::parse(in);
  }();
  return parsed;
}

inline Matrix to_matrix(const nlohmann::json& rows) {
  Matrix matrix(rows.size(), rows[0].size());
  for (std::size_t i = 0; i < matrix.rows; ++i)
    for (std::size_t j = 0; j < matrix.cols; ++j) matrix.row(i)[j] = rows[i][j].get<float>();
  return matrix;
}

}  // namespace claptools::testing
