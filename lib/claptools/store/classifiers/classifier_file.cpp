#include "claptools/store/classifiers/classifier_file.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "claptools/core/error.hpp"
#include "claptools/store/hdf5/hdf5_column.hpp"
#include "claptools/store/hdf5/layout.hpp"
#include "claptools/store/unit_rows.hpp"

namespace claptools {
namespace {

using hdf5::Type;

constexpr const char* kFormat = "clap-classifier";
constexpr const char* kLogistic = "logistic";
constexpr const char* kNearest = "knn";

void write_logistic(hdf5::Output& output, const ClassifierFile& file) {
  output.attribute("/", "C", file.c);
  output.dataset("weights", Type::float64, file.header.dim, file.classes.size())
      .append(file.weights.data);
  hdf5::write_column<double>(output, "bias", Type::float64, file.bias);
}

void write_nearest(hdf5::Output& output, const ClassifierFile& file) {
  output.attribute("/", "neighbours", static_cast<std::int64_t>(file.neighbours));
  const std::size_t chunk = std::min(file.rows.rows, chunk_rows(file.header.dim * sizeof(float)));
  output.dataset("rows", Type::float32, file.header.dim, chunk).append(file.rows.data);
  std::vector<std::uint64_t> offsets{0}, labels;
  for (const auto& own : file.row_classes) {
    labels.insert(labels.end(), own.begin(), own.end());
    offsets.push_back(labels.size());
  }
  hdf5::write_column<std::uint64_t>(output, "offsets", Type::uint64, offsets);
  hdf5::write_column<std::uint64_t>(output, "row_classes", Type::uint64, labels);
}

void require_finite(const hdf5::Input& input, const char* name, std::span<const double> values) {
  if (!std::ranges::all_of(values, [](double x) { return std::isfinite(x); }))
    input.fail("dataset '" + std::string(name) + "' has a value that is not finite");
}

/// @return [rows, dim]. @throws Error{data} for another shape.
hdf5::Column matrix_column(const hdf5::Input& input, const char* name, std::size_t rows,
                           std::size_t dim) {
  hdf5::Column column = input.column(name);
  column.require_rank(2, "[rows, dim]");
  if (column.shape()[1] != dim || (rows > 0 && column.rows() != rows) || column.rows() == 0)
    input.fail("dataset '" + std::string(name) + "' is " + std::to_string(column.rows()) + " x " +
               std::to_string(column.shape()[1]) + ", which does not fit its classes and 'dim'");
  return column;
}

void read_logistic(const hdf5::Input& input, ClassifierFile& file) {
  const std::size_t classes = file.classes.size();
  const hdf5::Column weights = matrix_column(input, "weights", classes, file.header.dim);
  file.weights.rows = classes;
  file.weights.cols = file.header.dim;
  file.weights.data = weights.doubles(0, classes);
  const hdf5::Column bias = input.column("bias");
  bias.require_rows(classes);
  file.bias = bias.numbers();
  require_finite(input, "weights", file.weights.data);
  require_finite(input, "bias", file.bias);
  const auto fits = [](double x) { return std::abs(x) <= std::numeric_limits<float>::max(); };
  if (!std::ranges::all_of(file.weights.data, fits) || !std::ranges::all_of(file.bias, fits))
    input.fail("has a weight that float32 cannot hold");
  file.c = input.number("/", "C").value_or(0);
  if (!(file.c > 0)) input.fail("has no positive attribute 'C'");
}

std::vector<std::uint32_t> read_classes_of(const hdf5::Input& input, const ClassifierFile& file,
                                           std::span<const std::uint64_t> labels) {
  const bool good = std::ranges::all_of(labels, [&](auto c) { return c < file.classes.size(); }) &&
                    std::ranges::adjacent_find(labels, std::greater_equal<>()) == labels.end() &&
                    (!file.exclusive || labels.size() == 1);
  if (!good) input.fail("dataset 'row_classes' does not hold classes of its rows");
  return {labels.begin(), labels.end()};
}

void read_nearest(const hdf5::Input& input, ClassifierFile& file) {
  const hdf5::Column rows = matrix_column(input, "rows", 0, file.header.dim);
  file.rows.rows = rows.rows();
  file.rows.cols = file.header.dim;
  file.rows.data = rows.floats(0, rows.rows());
  require_unit_rows(input, file.rows.data, file.header.dim, Norms::any,
                    [](std::size_t row) { return "row " + std::to_string(row); });
  const hdf5::Column column = input.column("row_classes");
  const std::vector<std::uint64_t> labels = column.integers();
  const auto offsets = read_offsets(input, "offsets", rows.rows(), labels.size());
  for (std::size_t i = 0; i < rows.rows(); ++i)
    file.row_classes.push_back(read_classes_of(
        input, file, std::span(labels).subspan(offsets[i], offsets[i + 1] - offsets[i])));
  const auto count = input.integer("/", "neighbours").value_or(0);
  if (count < 1) input.fail("has no positive attribute 'neighbours'");
  file.neighbours = static_cast<std::size_t>(count);
}

std::optional<double> read_share(const hdf5::Input& input, const char* name) {
  const auto share = input.number("/", name);
  if (share && !(*share >= 0 && *share <= 1))
    input.fail("attribute '" + std::string(name) + "' is not from 0 to 1");
  return share;
}

}  // namespace

void write_classifier(const std::string& path, const ClassifierFile& file, bool overwrite) {
  hdf5::Output output(path, overwrite);
  write_format(output, kFormat);
  write_header(output, file.header);
  output.attribute("/", "method", std::string(file.is_logistic() ? kLogistic : kNearest));
  output.attribute("/", "exclusive", std::int64_t{file.exclusive});
  if (file.accuracy) output.attribute("/", "cv_accuracy", *file.accuracy);
  if (file.class_accuracy) output.attribute("/", "cv_mean_class_accuracy", *file.class_accuracy);
  hdf5::write_column<std::string>(output, "classes", Type::text, file.classes);
  hdf5::write_column<std::uint64_t>(output, "examples", Type::uint64, file.examples);
  file.is_logistic() ? write_logistic(output, file) : write_nearest(output, file);
  output.commit();
}

ClassifierFile read_classifier(const std::string& path) {
  const hdf5::Input input(path);
  check_format(input, kFormat, false);
  ClassifierFile file;
  file.header = read_header(input);
  const std::string method = input.text("/", "method").value_or("");
  if (method != kLogistic && method != kNearest)
    input.fail("attribute 'method' is '" + method + "', not logistic or knn");
  const auto exclusive = input.integer("/", "exclusive");
  if (!exclusive || (*exclusive != 0 && *exclusive != 1))
    input.fail("attribute 'exclusive' is neither 0 nor 1");
  file.exclusive = *exclusive == 1;
  file.classes = read_distinct(input, "classes", "class");
  if (file.classes.empty()) input.fail("has no class");
  const hdf5::Column examples = input.column("examples");
  examples.require_rows(file.classes.size());
  file.examples = examples.integers();
  file.accuracy = read_share(input, "cv_accuracy");
  file.class_accuracy = read_share(input, "cv_mean_class_accuracy");
  method == kLogistic ? read_logistic(input, file) : read_nearest(input, file);
  return file;
}

}  // namespace claptools
