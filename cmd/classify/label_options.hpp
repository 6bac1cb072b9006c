#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "claptools/tasks/detect.hpp"
#include "claptools/zero_shot/classify_rows.hpp"
#include "claptools/zero_shot/label_set.hpp"
#include "cmd/post/post_options.hpp"
#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {

/// What clap-classify makes of the scores.
struct LabelOptions {
  TagOptions tags;
  std::string background;  ///< file of texts whose score is subtracted; may be empty
  bool softmax = false;    ///< probabilities instead of cosines
  bool events = false;
  bool grounding = false;
  std::optional<double> threshold;  ///< of `multilabel` and `events`
  std::string median = "3";         ///< frames, or seconds with an s
  PostArguments post;
  double min_duration_s = 0;
  std::optional<double> max_gap_s;  ///< none: 0, with `grounding` 0.5
  bool whole_window = false;        ///< frames after the end of a recording count as well
  bool wide = false;                ///< a row per clip with a column per label
  std::string explain;              ///< empty, "true" or how many codewords
  std::string scores;               ///< score file to write; may be empty
  std::string plot, report, truth;  ///< pictures to write, ground truth to read; may be empty
  TableOptions table;

  bool finds_events() const { return events || grounding; }
  bool explains() const { return !explain.empty(); }
  bool needs_frames() const { return finds_events() || explains(); }
  bool wants_pictures() const { return !plot.empty() || !report.empty(); }
};

/// --labels, --prompt, --prompts, --phrases, --thresholds.
void add_label_sources(CLI::App& app, LabelSources& sources);

/// The options of what is printed.
void add_label_options(CLI::App& app, LabelOptions& options);

/// @param app holds the options of recordings as well. @param embedded the inputs are embedding
/// files.
/// @throws Error{usage} for options that do not go together, that would change nothing (unless they
/// are defaults from the environment), or for numbers that cannot be; {cannot_create} for an output
/// that exists.
void check_label_options(const CLI::App& app, const LabelOptions& options,
                         const LabelSources& sources, const std::vector<std::string>& inputs,
                         bool embedded);

/// @throws Error{usage} for options that a classifier's classes cannot go with.
void check_classifier_options(const CLI::App& app);

/// @throws Error{usage} for a median filter that is none.
DetectOptions to_detect_options(const LabelOptions& options);

/// How many codewords a match. @throws Error{usage}.
std::size_t codewords_to_explain(const LabelOptions& options);

}  // namespace claptools::cmd
