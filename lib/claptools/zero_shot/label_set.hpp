#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/engine/model.hpp"
#include "claptools/learn/classifier.hpp"
#include "claptools/tasks/csebbs/csebbs.hpp"
#include "claptools/tasks/phrases.hpp"

namespace claptools {

/// What a prompt is made by unless other patterns are given.
inline constexpr const char* kDefaultPattern = "{} can be heard";

/// The classes of a run: what the model is asked for by text.
struct LabelSet {
  std::vector<std::string> names;                 ///< distinct
  std::vector<std::vector<std::string>> prompts;  ///< one or more per label; of a classifier none
  std::vector<double> thresholds;                 ///< [labels]
  std::vector<std::string> patterns;              ///< of the prompts
  std::optional<Phrases> phrases;                 ///< then these are the labels
  std::vector<CsebbsParameters> boxes = {};       ///< [labels] where events are boxes, else none
};

/// Labels by their names alone, each with one prompt per pattern (prompt ensembles).
/// @param patterns each with "{}" where the name goes.
/// @throws Error{usage} as fill_pattern, {data} for a doubled name.
LabelSet make_label_set(std::vector<std::string> names,
                        std::vector<std::string> patterns = {kDefaultPattern},
                        double threshold = 0.5);

/// Files that the classes come from; "-" is standard input.
struct LabelSources {
  std::string labels, prompts, phrases, thresholds;  ///< may be empty
  std::vector<std::string> patterns;  ///< of prompts; none: kDefaultPattern, phrases as they are
};

/// @param threshold of the labels that `thresholds` does not name.
/// @throws Error{usage} unless the files make one set, {no_input}, {data}.
LabelSet read_label_set(const LabelSources& sources, double threshold);

/// Makes the events of a set bounding boxes. @param file of read_csebbs_parameters(); may be empty.
/// @param otherwise of the labels that it does not name. @throws Error{no_input}, {data}.
void take_boxes(const std::string& file, const CsebbsParameters& otherwise, LabelSet& set);

/// Texts that say nothing of what is heard, one per line. @param path "-" is standard input.
/// @throws Error{no_input}, {data} for a file without any.
std::vector<std::string> read_background(const std::string& path);

/// The classes of a classifier, without prompts. @param thresholds file of some of them; may be
/// empty. @param threshold of the others. @throws Error{no_input}, {data}.
LabelSet label_set_of(const Classifier& classifier, const std::string& thresholds,
                      double threshold);

/// One row per label: its prompts' embeddings, averaged. [labels, dim], unit rows.
/// @param prompts of each label, at least one. @throws as embed_texts and average_prompts.
Matrix embed_labels(std::span<const std::vector<std::string>> prompts, const Model& model,
                    int threads);

}  // namespace claptools
