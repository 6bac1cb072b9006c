#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "claptools/core/double_matrix.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// What a classifier file holds (man clap-embeddings(5), "Classifier files").
struct ClassifierFile {
  EmbeddingHeader header;                ///< of the embeddings that were learned from
  bool exclusive = true;                 ///< one class per row, else any number
  std::vector<std::string> classes;      ///< distinct, at least one
  std::vector<std::uint64_t> examples;   ///< [classes]: recordings that were learned from
  std::optional<double> accuracy;        ///< cross-validated, 0 .. 1
  std::optional<double> class_accuracy;  ///< the mean over the classes

  /// Logistic regression; empty for nearest neighbours.
  DoubleMatrix weights;      ///< [classes, dim]
  std::vector<double> bias;  ///< [classes]
  double c = 0;              ///< inverse strength of the penalty, > 0

  /// Nearest neighbours; empty for logistic regression.
  std::size_t neighbours = 0;                           ///< how many vote, > 0
  Matrix rows;                                          ///< [examples, dim], unit rows
  std::vector<std::vector<std::uint32_t>> row_classes;  ///< [examples], sorted

  bool is_logistic() const { return !bias.empty(); }
};

/// The same content gives the same bytes. @param path "-" is standard output.
/// @throws Error{cannot_create}, {io} as EmbeddingWriter.
void write_classifier(const std::string& path, const ClassifierFile& file, bool overwrite);

/// Reads and checks all of it. @param path "-" is standard input.
/// @throws Error{no_input}, {data} naming what is wrong.
ClassifierFile read_classifier(const std::string& path);

}  // namespace claptools
