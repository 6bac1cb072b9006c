#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/learn/logistic.hpp"
#include "claptools/learn/teaching_labels.hpp"
#include "claptools/metrics/lookup.hpp"
#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// Rows to learn from. Those of one recording are one example: they share its classes and its fold.
struct TeachingData {
  EmbeddingHeader header;            ///< of the rows
  std::vector<std::string> classes;  ///< each of at least one recording
  ClassChoice choice = ClassChoice::one;
  Matrix rows;                                                ///< [n, dim]
  std::vector<std::size_t> row_recordings;                    ///< [n]
  std::vector<std::vector<std::uint32_t>> recording_classes;  ///< [recordings], sorted
  std::vector<std::string> recording_folds;                   ///< [recordings], or none
  std::vector<std::vector<std::uint32_t>> row_classes;        ///< [n]: those of the recording
  std::size_t unlabelled = 0;                                 ///< recordings without a label

  LabelledRows labelled() const { return {rows, row_classes, classes.size(), choice}; }
};

/// Gathers the rows of labelled recordings as they come. Keeps these rows, and the ids of all.
class TeachingSet {
 public:
  /// @param how names in the labels and ids of the rows are compared; as in clap-eval an
  /// extension may be left out.
  TeachingSet(TeachingLabels labels, NameMatching how);

  /// Before the rows of a file. @throws Error{data} if they are of another space than those before.
  void begin(const EmbeddingHeader& header, const std::string& subject);
  void add(const EmbeddingRows& rows);
  /// A recording failed, perhaps after some of its rows came: they are forgotten.
  void drop(const std::string& id);

  /// After the last row. Once. @param log gets what is left out.
  /// @throws Error{data} if no labelled recording came, or all are of one class.
  TeachingData finish(const Log& log);

 private:
  std::string key_of(std::string_view name) const;
  void gather(const std::vector<std::size_t>& label_of, TeachingData& data);

  TeachingLabels labels_;
  NameMatching how_;
  EmbeddingHeader header_;
  std::unordered_set<std::string> keys_;  // of labelled names: what else comes is not kept
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<std::string> ids_;      // in order of appearance
  std::vector<std::size_t> row_ids_;  // of the rows kept
  std::vector<float> rows_;
};

}  // namespace claptools
