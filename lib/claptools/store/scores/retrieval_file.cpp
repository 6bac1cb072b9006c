#include "claptools/store/scores/retrieval_file.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "claptools/store/hdf5/hdf5_column.hpp"
#include "claptools/store/hdf5/layout.hpp"
#include "claptools/store/unit_rows.hpp"

namespace claptools {
namespace {

template <typename AnyMatrix>
void require_finite(const hdf5::Input& input, const std::string& name, const AnyMatrix& matrix) {
  const auto bad = std::ranges::find_if_not(matrix.data, [](auto x) { return std::isfinite(x); });
  if (bad == matrix.data.end()) return;
  const auto row = static_cast<std::size_t>(bad - matrix.data.begin()) / matrix.cols;
  input.fail("row " + std::to_string(row) + " of '" + name + "' is not finite");
}

hdf5::Column matrix_column(const hdf5::Input& input, const std::string& name) {
  hdf5::Column column = input.column(name);
  column.require_rank(2, "[rows, columns]");
  return column;
}

Matrix read_matrix(const hdf5::Input& input, const std::string& name) {
  const hdf5::Column column = matrix_column(input, name);
  Matrix matrix;
  matrix.data = column.floats(0, column.rows());
  matrix.rows = column.rows();
  matrix.cols = column.row_values();
  return matrix;
}

Matrix read_scores(const hdf5::Input& input, const std::string& name) {
  Matrix matrix = read_matrix(input, name);
  require_finite(input, name, matrix);
  return matrix;
}

DoubleMatrix read_double_matrix(const hdf5::Input& input, const std::string& name) {
  const hdf5::Column column = matrix_column(input, name);
  DoubleMatrix matrix;
  matrix.data = column.doubles(0, column.rows());
  matrix.rows = column.rows();
  matrix.cols = column.row_values();
  require_finite(input, name, matrix);
  return matrix;
}

/// Reads `scores` into one of the two. @return whether that is `exact`.
bool read_either(const hdf5::Input& input, Matrix& scores, DoubleMatrix& exact) {
  if (!input.column("scores").is_double()) {
    scores = read_scores(input, "scores");
    return false;
  }
  exact = read_double_matrix(input, "scores");
  return true;
}

Matrix read_embeddings(const hdf5::Input& input, const std::string& name) {
  Matrix matrix = read_matrix(input, name);
  require_unit_rows(input, matrix.data, matrix.cols, Norms::kept, [&](std::size_t row) {
    return "row " + std::to_string(row) + " of '" + name + "'";
  });
  return matrix;
}

/// The names of as many rows as there are.
std::vector<std::string> read_ids(const hdf5::Input& input, const std::string& name,
                                  std::size_t rows) {
  const hdf5::Column column = input.column(name);
  column.require_rows(rows);
  return column.texts();
}

}  // namespace

EmbeddingPair read_embedding_pair(const std::string& path) {
  const hdf5::Input input(path);
  EmbeddingPair pair{{}, read_embeddings(input, "audio"), read_embeddings(input, "text"), {}, {}};
  pair.audio_ids = read_ids(input, "audio_ids", pair.audio.rows);
  if (input.has("text_ids")) pair.text_ids = read_ids(input, "text_ids", pair.text.rows);
  pair.failed = read_failed(input);
  return pair;
}

Similarity read_similarity(const std::string& path) {
  const hdf5::Input input(path);
  Similarity similarity;
  const bool exact = read_either(input, similarity.scores, similarity.exact);
  similarity.audio_ids = read_ids(input, input.has("id") ? "id" : "clip_ids",
                                  exact ? similarity.exact.rows : similarity.scores.rows);
  similarity.failed = read_failed(input);
  return similarity;
}

QuerySimilarity read_query_similarity(const std::string& path) {
  const hdf5::Input input(path);
  QuerySimilarity similarity;
  const bool exact = read_either(input, similarity.scores, similarity.exact);
  const auto [rows, cols] = exact ? std::pair(similarity.exact.rows, similarity.exact.cols)
                                  : std::pair(similarity.scores.rows, similarity.scores.cols);
  similarity.query_ids = read_ids(input, "query_ids", rows);
  similarity.item_ids = read_ids(input, "item_ids", cols);
  similarity.failed = read_failed(input);
  return similarity;
}

}  // namespace claptools
