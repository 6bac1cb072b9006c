#include "claptools/store/scores/score_file.hpp"

#include <algorithm>
#include <cmath>

#include "claptools/core/error.hpp"
#include "claptools/store/hdf5/hdf5_column.hpp"
#include "claptools/store/hdf5/layout.hpp"

namespace claptools {
namespace {

/// The row that a line of the score matrix belongs to.
std::size_t row_of(const Scores& scores, std::size_t line) {
  if (scores.offsets.empty()) return line;
  const auto after = std::ranges::upper_bound(scores.offsets, line);
  return static_cast<std::size_t>(after - scores.offsets.begin()) - 1;
}

template <typename AnyMatrix>
void require_finite(const hdf5::Input& input, const Scores& scores, const AnyMatrix& matrix) {
  for (std::size_t i = 0; i < matrix.data.size(); ++i) {
    if (std::isfinite(matrix.data[i])) continue;
    const std::size_t columns = matrix.cols;
    input.fail("the score of '" + scores.ids[row_of(scores, i / columns)] + "' for '" +
               scores.classes[i % columns] + "' is not finite");
  }
}

void read_matrix(const hdf5::Input& input, Scores& scores) {
  const hdf5::Column column = input.column("scores");
  column.require_rank(2, "[rows, classes] (frame scores need 'offsets')");
  const std::size_t rows = column.rows();
  const std::size_t classes = column.shape()[1];
  if (classes != scores.classes.size() || classes == 0) {
    input.fail("has scores of " + std::to_string(classes) + " classes, but " +
               std::to_string(scores.classes.size()) + " class names");
  }
  if (input.has("offsets")) {
    scores.offsets = read_offsets(input, "offsets", scores.ids.size(), rows);
    scores.hop_s = input.number("/", "hop_s").value_or(0);
    if (!(scores.hop_s > 0)) input.fail("has frame scores, but no positive attribute 'hop_s'");
  } else if (rows != scores.ids.size()) {
    input.fail("has scores of " + std::to_string(rows) + " rows, but " +
               std::to_string(scores.ids.size()) + " ids");
  }
  if (column.is_double()) {
    scores.exact.data = column.doubles(0, rows);
    scores.exact.rows = rows;
    scores.exact.cols = classes;
  } else {
    scores.scores.data = column.floats(0, rows);
    scores.scores.rows = rows;
    scores.scores.cols = classes;
  }
}

}  // namespace

Scores read_scores(const std::string& path) {
  const hdf5::Input input(path);
  if (input.text("/", "format")) check_format(input, kScoreFormat, false);
  Scores scores;
  scores.ids = read_score_ids(input);
  scores.classes = read_distinct(input, "classes", "class");
  static_cast<Provenance&>(scores) = read_score_origin(input, scores.classes.size());
  read_matrix(input, scores);
  require_finite(input, scores, scores.scores);
  require_finite(input, scores, scores.exact);
  scores.failed = read_failed(input);
  read_meta(input, scores.ids.size(), scores.meta_columns, scores.meta);
  return scores;
}

}  // namespace claptools
