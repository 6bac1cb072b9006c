#include "mgaclap/store/retrieval_file.hpp"

#include <algorithm>
#include <cmath>

#include "mgaclap/store/hdf5_column.hpp"
#include "mgaclap/store/unit_rows.hpp"

namespace mgaclap {
namespace {

Matrix read_matrix(const hdf5::Input& input, const std::string& name) {
  const hdf5::Column column = input.column(name);
  column.require_rank(2, "[rows, columns]");
  Matrix matrix;
  matrix.data = column.floats(0, column.rows());
  matrix.rows = column.rows();
  matrix.cols = column.row_values();
  return matrix;
}

/// The scores of every row must be numbers.
Matrix read_scores(const hdf5::Input& input, const std::string& name) {
  Matrix matrix = read_matrix(input, name);
  const auto bad = std::ranges::find_if_not(matrix.data, [](float x) { return std::isfinite(x); });
  if (bad != matrix.data.end()) {
    const auto row = static_cast<std::size_t>(bad - matrix.data.begin()) / matrix.cols;
    input.fail("row " + std::to_string(row) + " of '" + name + "' is not finite");
  }
  return matrix;
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
  EmbeddingPair pair{{}, read_embeddings(input, "audio"), read_embeddings(input, "text")};
  pair.audio_ids = read_ids(input, "audio_ids", pair.audio.rows);
  return pair;
}

Similarity read_similarity(const std::string& path) {
  const hdf5::Input input(path);
  Similarity similarity{{}, read_scores(input, "scores")};
  similarity.audio_ids =
      read_ids(input, input.has("id") ? "id" : "clip_ids", similarity.scores.rows);
  return similarity;
}

}  // namespace mgaclap
