#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/learn/teaching_set.hpp"
#include "claptools/store/classifiers/classifier_file.hpp"

namespace claptools {

enum class TeachMethod {
  automatic,  ///< nearest neighbours where most classes have fewer than kFewExamples recordings
  logistic,
  nearest,
};

/// From this many recordings per class on logistic regression is worth while.
inline constexpr std::size_t kFewExamples = 5;

struct TeachOptions {
  TeachMethod method = TeachMethod::automatic;
  std::optional<double> c = {};                ///< none: by cross-validation, 0.01 to 10,000
  std::optional<std::size_t> neighbours = {};  ///< none: 1, 3 or 5, by leaving one recording out
  std::size_t folds = 5;                       ///< at least 2, where the data do not name them
  int threads = 1;                             ///< change no result
  const std::atomic<bool>* stop = nullptr;     ///< ends early once set; may be null
  std::function<void(const std::string&)> progress = {};  ///< what is done at present; may be empty
};

/// A classifier, and how well it did on recordings that it had not learned from.
struct Teaching {
  ClassifierFile file;            ///< `accuracy` of rows, for `any` the mean average precision
  std::vector<double> per_class;  ///< [classes]: accuracy or average precision; NaN: none
  std::size_t folds = 0;          ///< of the cross-validation; 0: one recording left out each
  bool interrupted = false;       ///< then nothing else has a meaning
};

/// Learns classes from rows. Logistic regression as fit_logistic() has it; its strength is the one
/// with the highest accuracy in cross-validation, of equal ones that with the smallest log loss
/// (for ClassChoice::any the one with the smallest log loss).
/// @param data of at least two classes, or with recordings of none.
Teaching teach(const TeachingData& data, const TeachOptions& options);

}  // namespace claptools
