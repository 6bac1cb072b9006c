#include "cmd/support/label_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <initializer_list>
#include <utility>

#include "mgaclap/core/error.hpp"

namespace mgaclap::cmd {
namespace {

constexpr std::size_t kMostMedianFrames = 100'001;
constexpr double kMostMedianSeconds = 3600;
constexpr std::size_t kCodewords = 5;
constexpr double kGroundingGap_s = 0.5;  // of the official script

template <typename Number>
std::optional<Number> parse(std::string_view text) {
  Number value{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = result.ec == std::errc() && result.ptr == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

void refuse_if(bool wrong, const char* option, const char* reason) {
  if (wrong) throw Error(Fault::usage, option, reason);
}

void check_numbers(const LabelOptions& options) {
  // NaN fails every comparison.
  const double threshold = options.threshold.value_or(0);
  refuse_if(!(threshold >= -1 && threshold <= 1), "--threshold", "must be -1 to 1");
  refuse_if(!(options.min_duration_s >= 0), "--min-duration", "must not be negative");
  refuse_if(!(options.max_gap_s.value_or(0) >= 0), "--max-gap", "must not be negative");
}

void check_streams(const LabelOptions& options, const LabelSources& sources,
                   std::vector<std::string> files) {
  files.insert(files.end(), {sources.labels, sources.prompts, sources.phrases, sources.thresholds,
                             options.truth});
  refuse_if(std::ranges::count(files, "-") > 1, "-", "only one file can come from standard input");
}

void check_outputs(const LabelOptions& options) {
  const std::array<std::pair<const char*, const std::string*>, 3> files = {
      {{"--scores", &options.scores}, {"--plot", &options.plot}, {"--report", &options.report}}};
  std::vector<std::string> taken = {options.table.output};
  require_creatable(options.table.output, options.table.force);
  for (const auto& [option, path] : files) {
    if (path->empty()) continue;
    refuse_if(*path == "-" && options.table.output == "-", option,
              "the table goes to standard output; give -o");
    refuse_if(std::ranges::count(taken, *path) > 0, option, "is the file of another output");
    require_creatable(*path, options.table.force);
    taken.push_back(*path);
  }
}

/// Whether an option was given by hand, not as a default in the environment.
bool is_given(const CLI::App& app, const char* name) {
  const CLI::Option* option = app.get_option(name);
  return option->count() > 0 && std::getenv(option->get_envname().c_str()) == nullptr;
}

void refuse_given(const CLI::App& app, bool wrong, std::initializer_list<const char*> names,
                  const char* reason) {
  for (const char* name : names) refuse_if(wrong && is_given(app, name), name, reason);
}

/// Options that would be taken in silence.
void check_idle_options(const CLI::App& app, const LabelOptions& options,
                        const LabelSources& sources, bool embedded) {
  const bool events = options.finds_events();
  refuse_given(app, !options.multilabel && !events, {"--threshold", "--thresholds"},
               "needs --multilabel or --events");
  refuse_given(app, !events,
               {"--median", "--min-duration", "--max-gap", "--whole-window", "--plot", "--report"},
               "needs --events");
  refuse_given(app, !options.wants_pictures(), {"--truth"}, "needs --plot or --report");
  refuse_given(app, options.multilabel || events, {"--top-k"},
               "cannot go with --multilabel or --events");
  refuse_given(app, sources.labels.empty() && sources.phrases.empty(), {"--prompt"},
               "makes prompts of --labels or --phrases");
  refuse_given(app, embedded, {"--window", "--hop", "--min-tail", "--short", "--pool"},
               "needs recordings; the rows of an embedding file are made");
}

}  // namespace

void add_label_options(CLI::App& app, LabelOptions& options) {
  const auto add = [&](const char* name, auto& value, const char* text, const char* type) {
    return app.add_option(name, value, text)->type_name(type);
  };
  add("-k,--top-k", options.k, "labels a row, best first (1; all phrases)", "N")
      ->check(CLI::PositiveNumber);
  app.add_flag("--multilabel", options.multilabel, "instead, all labels above the threshold");
  app.add_flag("--events", options.events, "instead, when each sound is heard");
  app.add_flag("--grounding", options.grounding, "events by the steps of the grounding protocol");
  app.add_flag("--explain", options.explain, "instead, codewords behind a match; --explain=N (5)");
  add("--threshold", options.threshold, "cosine, with --grounding sigmoid, to exceed (0.5)",
      "SCORE");
  add("--median", options.median, "events: filter, frames or seconds as 0.9s (3)", "LENGTH");
  add("--min-duration", options.min_duration_s, "events: drop shorter ones (0)", "SECONDS");
  add("--max-gap", options.max_gap_s, "events: join nearer ones (0; grounding 0.5)", "SECONDS");
  app.add_flag("--whole-window", options.whole_window,
               "events: keep frames behind the end, as the official protocol");
  add("--scores", options.scores, "write all scores to this HDF5 file too", "FILE");
  add("--plot", options.plot, "events: picture of the first recording, SVG", "FILE");
  add("--report", options.report, "events: page of pictures, HTML", "FILE");
  add("--truth", options.truth, "of the pictures: filename, onset, offset, event_label", "FILE");
  add_table_options(app, options.table);
}

void check_label_options(const CLI::App& app, const LabelOptions& options,
                         const LabelSources& sources, const std::vector<std::string>& inputs,
                         bool embedded) {
  check_streams(options, sources, inputs);
  const bool events = options.finds_events();
  refuse_if(options.multilabel && events, "--multilabel", "cannot go with --events");
  refuse_if(options.explains() && (events || !options.scores.empty()), "--explain",
            "cannot go with --events or --scores");
  refuse_if(options.explains() && embedded, "--explain",
            "needs recordings; an embedding file does not hold codewords");
  check_idle_options(app, options, sources, embedded);
  check_outputs(options);
  check_numbers(options);
  to_detect_options(options);
  if (options.explains()) codewords_to_explain(options);
}

DetectOptions to_detect_options(const LabelOptions& options) {
  DetectOptions detect;
  detect.grounding = options.grounding;
  detect.min_duration_s = options.min_duration_s;
  detect.max_gap_s = options.max_gap_s.value_or(options.grounding ? kGroundingGap_s : 0);
  std::string_view length = options.median;
  if (length.ends_with('s')) {
    length.remove_suffix(1);
    detect.median_s = parse<double>(length).value_or(0);
    refuse_if(!(detect.median_s > 0 && detect.median_s <= kMostMedianSeconds), "--median",
              "must be more than 0s and no more than 3600s");
  } else {
    detect.median_window = parse<std::size_t>(length).value_or(0);
    refuse_if(detect.median_window == 0 || detect.median_window > kMostMedianFrames, "--median",
              "must be 1 to 100001 frames, or seconds with an s");
  }
  return detect;
}

std::size_t codewords_to_explain(const LabelOptions& options) {
  if (options.explain == "true") return kCodewords;
  const std::size_t most = parse<std::size_t>(options.explain).value_or(0);
  refuse_if(most == 0, "--explain", "takes a number of codewords");
  return most;
}

std::vector<RankedClass> choose_labels(std::span<const float> cosines, const OwnLabels& own,
                                       const LabelSet& set, const LabelOptions& options) {
  if (options.multilabel) return classes_above(cosines, own.thresholds);
  const std::size_t otherwise = set.phrases ? own.names.size() : 1;
  return top_classes(cosines, options.k > 0 ? options.k : otherwise);
}

}  // namespace mgaclap::cmd
