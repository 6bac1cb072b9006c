#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/engine/model.hpp"
#include "claptools/tasks/phrases.hpp"
#include "cmd/program/messages.hpp"

namespace CLI {
class App;
}

namespace claptools::cmd {

/// Where the classes come from; "-" is standard input.
struct LabelSources {
  std::string labels, prompts, phrases, thresholds;  ///< files; may be empty
  std::vector<std::string> patterns;  ///< of prompts; none: "{} can be heard", phrases as they are
};

/// --labels, --prompt, --prompts, --phrases, --thresholds.
void add_label_sources(CLI::App& app, LabelSources& sources);

/// The classes of a run.
struct LabelSet {
  std::vector<std::string> names;                 ///< distinct
  std::vector<std::vector<std::string>> prompts;  ///< one or more a label
  std::vector<double> thresholds;                 ///< [labels]
  std::vector<std::string> patterns;              ///< of the prompts
  std::optional<Phrases> phrases;                 ///< then these are the labels
};

/// @param threshold of the labels that --thresholds does not name.
/// @throws Error{usage} unless the files make one set, {no_input}, {data}.
LabelSet read_label_set(const LabelSources& sources, double threshold);

/// One row a label: its prompts' embeddings, averaged. [labels, dim], unit rows.
Matrix embed_labels(const LabelSet& set, const Model& model, int threads);

/// What one recording is compared with.
struct ClipLabels {
  std::vector<std::size_t> index;  ///< of the LabelSet
  std::vector<std::string> names;
  std::vector<double> thresholds;
  std::vector<std::string> items;  ///< of phrases; may be empty texts
  Matrix prompts;                  ///< [labels, dim]
};

/// The labels of each recording: all, or its phrases.
class LabelPicker {
 public:
  /// @param set must outlive this object. @param prompts [labels, dim], unit rows.
  LabelPicker(const LabelSet& set, Matrix prompts, const Messages& messages);

  /// Stays until the next call. None, after a warning, for a recording that has no phrases.
  const ClipLabels& of(const std::string& id);

 private:
  ClipLabels gather(std::span<const Phrase> phrases) const;

  const LabelSet& set_;
  const Messages& messages_;
  Matrix prompts_;
  ClipLabels own_;
  std::string id_;  ///< whose they are, if they are phrases
};

}  // namespace claptools::cmd
