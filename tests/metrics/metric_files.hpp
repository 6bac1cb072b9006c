#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/metrics/metric_value.hpp"
#include "support/golden_h5.hpp"

namespace claptools::testing {

inline constexpr double kTolerance = 1e-9;  // what the metric goldens ask for

inline nlohmann::json read_json(const std::string& path) {
  return nlohmann::json::parse(std::ifstream(path));
}

inline nlohmann::json test_data(const std::string& name) {
  return read_json(std::string(CLAPTOOLS_TEST_DATA) + "/metrics/" + name);
}

/// Of the metric goldens; empty where they are absent.
inline std::string golden_folder(const std::string& name) {
  const std::string path = std::string(CLAPTOOLS_SHARED) + "/metrics/" + name + "/";
  return std::filesystem::exists(path) ? path : "";
}

/// Names in byte order.
inline std::vector<std::string> subfolders(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

inline Matrix to_matrix(const nlohmann::json& rows) {
  Matrix m(rows.size(), rows.at(0).size());
  for (std::size_t i = 0; i < m.rows; ++i) {
    for (std::size_t j = 0; j < m.cols; ++j) m.row(i)[j] = rows[i][j];
  }
  return m;
}

inline Matrix read_matrix(const std::string& path, const std::string& name) {
  const Golden tensor = GoldenFile(path).tensor(name);
  Matrix m(tensor.shape.at(0), tensor.shape.at(1));
  m.data = tensor.data;
  return m;
}

inline Table parse_table(const std::string& csv) {
  std::istringstream in(csv);
  return read_table(in, "table", Delimiter::comma);
}

/// Of a table kept as JSON: the header and the rows, arrays of strings.
inline Table to_table(const nlohmann::json& rows) {
  std::string csv;
  for (const auto& row : rows) {
    for (const std::string field : row) csv += field + ',';
    csv.back() = '\n';
  }
  return parse_table(csv);
}

inline std::map<std::string, double> totals(const MetricValues& values) {
  std::map<std::string, double> by_name;
  for (const auto& v : values) {
    if (v.class_name.empty()) by_name[v.metric] = v.value;
  }
  return by_name;
}

/// The message of the Error{data} that `work` ends with.
template <typename Work>
std::string data_error(const Work& work) {
  try {
    work();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::data) << e.what();
    return e.what();
  }
  return "no error";
}

}  // namespace claptools::testing
