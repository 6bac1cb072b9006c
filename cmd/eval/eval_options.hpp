#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/metrics/metric_selection.hpp"
#include "claptools/metrics/psds/psds.hpp"
#include "claptools/metrics/retrieval/retrieval.hpp"
#include "claptools/metrics/sed/clip_matcher.hpp"

namespace CLI {
class App;
}

namespace claptools::cmd {

/// What clap-eval is to evaluate, and how; each subcommand takes its part of it.
struct EvalOptions {
  std::string scores, truth, durations;
  std::string embeddings, audio, text;
  std::vector<std::string> events;    ///< "T=FILE"
  std::vector<std::string> classes;   ///< of event lists, besides those of the truth
  std::vector<std::string> psds;      ///< "dtc=0.5,gtc=0.5,..."
  std::optional<std::size_t> median;  ///< frames
  double max_gap_s = 0.5;             ///< of grounding
  double f_threshold = 0.2;
  bool drop_clips_without_truth = false;
  bool drop_clips_without_events = false;
  bool drop_classes_without_events = false;
  bool merge_overlapping = false;
  NameMatching names;
  bool tolerate_missing = false;  ///< clips of the truth may lack scores
  std::string label_separator = ",";
  bool uneven_captions = false;
  TieRule ties = TieRule::last_index_first;
  std::size_t resamples = 0;  ///< 0: no confidence intervals
  std::uint64_t seed = 1;
  Log log;                  ///< warnings of what is left out
  MetricSelection metrics;  ///< to compute; others may come with them
  bool wants_plots = false;
  std::size_t threads = 1;
};

/// Adds the options of one subcommand, bound to `options`.
void add_classification_options(CLI::App& app, EvalOptions& options);
void add_tagging_options(CLI::App& app, EvalOptions& options);
void add_retrieval_options(CLI::App& app, EvalOptions& options);
void add_detection_options(CLI::App& app, EvalOptions& options);
void add_grounding_options(CLI::App& app, EvalOptions& options);

/// The parts of "NAME=VALUE"; none without a name.
std::optional<std::pair<std::string, std::string>> split_assignment(std::string_view word);

/// A finite number and nothing else.
std::optional<double> parse_number(std::string_view text);

using NamedPsds = std::pair<std::string, PsdsParameters>;

/// The scores asked for with --psds; detection_metrics() finds names that are taken.
std::vector<NamedPsds> parse_psds(const EvalOptions& options);

/// Events detected at one threshold.
struct EventFile {
  double threshold = 0;
  std::string path;
};

/// @throws Error{usage} for a threshold that is there twice.
std::vector<EventFile> parse_event_files(const EvalOptions& options);

}  // namespace claptools::cmd
