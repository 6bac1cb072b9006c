#include "cmd/classify/label_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/formats/label_folder.hpp"
#include "claptools/store/hdf5/own_file.hpp"
#include "claptools/store/scores/score_folder.hpp"
#include "cmd/classify/event_output.hpp"
#include "cmd/options/arguments.hpp"
#include "cmd/options/option_types.hpp"
#include "cmd/options/output_name.hpp"

namespace claptools::cmd {
namespace {

constexpr WholeRange kMedianFrames{1, 100'001, "frames"};
constexpr RealRange kMedianSeconds{0, 3600, "s", true};
constexpr std::size_t kCodewords = 5;
constexpr double kGroundingGap_s = 0.5;  // of the official script

void refuse_if(bool wrong, const char* option, const std::string& reason) {
  if (wrong) throw Error(Fault::usage, option, reason);
}

void check_streams(const LabelOptions& options, const LabelSources& sources,
                   std::vector<std::string> files) {
  files.insert(files.end(), {sources.labels, sources.prompts, sources.phrases, sources.thresholds,
                             options.truth, options.background, options.post.parameters});
  require_one_stream(files);
}

struct OutputFile {
  const char* option;
  const std::string& path;
  Content content;
};

void check_score_folder(const LabelOptions& options) {
  refuse_if(!options.finds_events(), "--scores", "can be a folder of tables only with --events");
  require_creatable_folder(options.scores, options.table.force);
  if (is_there(options.scores, Fault::cannot_create)) require_score_folder(options.scores);
}

void check_outputs(const LabelOptions& options, const LabelSources& sources,
                   std::vector<std::string> inputs) {
  inputs.insert(inputs.end(), {sources.labels, sources.prompts, sources.phrases, sources.thresholds,
                               options.truth, options.background, options.post.parameters});
  std::erase(inputs, "");
  const std::array<OutputFile, 3> files = {{{"--scores", options.scores, Content::scores},
                                            {"--plot", options.plot, Content::picture},
                                            {"--report", options.report, Content::page}}};
  std::vector<std::string> taken = {options.table.output};
  const bool is_labels = output_format(options.table, options.finds_events()).labels != nullptr;
  require_no_input(options.table.output, inputs);
  if (is_labels && is_label_folder(options.table)) {
    require_creatable_folder(options.table.output, options.table.force);
    if (is_there(options.table.output, Fault::cannot_create))
      require_label_folder(options.table.output);
  } else {
    require_creatable(options.table.output, options.table.force);
  }
  for (const auto& [option, path, content] : files) {
    if (path.empty()) continue;
    const bool is_folder = content == Content::scores && names_score_folder(path);
    refuse_if(path == "-" && options.table.output == "-", option,
              "the table goes to standard output; give -o");
    refuse_if(std::ranges::count(taken, path) > 0, option, "is the file of another output");
    require_fitting_name(path, content);
    require_no_input(path, inputs);
    if (is_folder) {
      check_score_folder(options);
    } else {
      require_creatable(path, options.table.force);
      if (content == Content::scores && options.table.force) require_own_file(path);
    }
    taken.push_back(path);
  }
}

void refuse_given(const CLI::App& app, bool wrong, std::initializer_list<const char*> names,
                  const char* reason) {
  for (const char* name : names) refuse_if(wrong && is_given(*app.get_option(name)), name, reason);
}

void check_wide(const CLI::App& app, const LabelOptions& options, const LabelSources& sources) {
  refuse_if(options.wide && options.finds_events(), "--wide", "cannot go with --events");
  refuse_if(options.wide && options.explains(), "--wide", "cannot go with --explain");
  refuse_if(options.wide && options.tags.multilabel, "--wide", "cannot go with --multilabel");
  refuse_given(app, options.wide, {"--top-k"}, "cannot go with --wide, which prints all labels");
  refuse_if(options.wide && !sources.phrases.empty(), "--wide",
            "needs --labels: with --phrases each recording has its own");
}

/// Options that would be taken in silence.
void check_idle_options(const CLI::App& app, const LabelOptions& options,
                        const LabelSources& sources, bool embedded) {
  const bool events = options.finds_events();
  refuse_given(app, !options.tags.multilabel && !events, {"--threshold", "--thresholds"},
               "needs --multilabel or --events");
  refuse_given(
      app, !events,
      {"--median", "--min-duration", "--max-gap", "--whole-window", "--plot", "--report", "--post"},
      "needs --events");
  const bool boxes = options.post.post == Post::csebbs;
  refuse_given(app, boxes, {"--grounding", "--max-gap"}, "cannot go with --post csebbs");
  check_post_options(app, options.post);
  refuse_given(app, !options.wants_pictures(), {"--truth"}, "needs --plot or --report");
  refuse_given(app, options.tags.multilabel || events, {"--top-k"},
               "cannot go with --multilabel or --events");
  refuse_given(app, options.tags.multilabel || events || options.explains(), {"--softmax"},
               "cannot go with --multilabel, --events or --explain");
  refuse_given(app, options.softmax || options.explains(), {"--background"},
               "cannot go with --softmax or --explain");
  refuse_given(app, events && output_format(options.table, true).labels != nullptr, {"--no-header"},
               "needs a table; labels are read by their header");
  refuse_given(app, sources.labels.empty() && sources.phrases.empty(), {"--prompt"},
               "makes prompts of --labels or --phrases");
  refuse_given(app, embedded, {"--window", "--hop", "--min-tail", "--short", "--pool"},
               "needs recordings; the rows of an embedding file are made");
}

}  // namespace

void add_label_sources(CLI::App& app, LabelSources& sources) {
  const auto add = [&](const char* name, std::string& path, const char* text) {
    app.add_option(name, path, text)->type_name("FILE");
  };
  add("--labels", sources.labels,
      "one label per line, or label<TAB>prompt; or a set's name (see list)");
  app.add_option("--prompt", sources.patterns, "pattern of all other prompts ('{} can be heard')")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  add("--prompts", sources.prompts, "label<TAB>prompt lines, averaged per label");
  add("--phrases", sources.phrases, "filename<TAB>phrase lines, instead of labels");
  add("--thresholds", sources.thresholds, "label<TAB>threshold lines");
}

void add_label_options(CLI::App& app, LabelOptions& options) {
  const auto add = [&](const char* name, auto& value, const char* text, const char* type) {
    return app.add_option(name, value, text)->type_name(type);
  };
  add_number(app, "-k,--top-k", options.tags.k, WholeRange{1},
             "labels per row, best first (1; all phrases)", "N");
  app.add_flag("--multilabel", options.tags.multilabel, "print all labels above the threshold");
  add("--background", options.background,
      "subtract the highest score of these texts, one per line, or of 'generic' ones", "FILE");
  app.add_flag("--softmax", options.softmax, "print probabilities over the labels, not cosines");
  app.add_flag("--events", options.events, "print when each sound is heard");
  app.add_flag("--grounding", options.grounding, "events by the steps of the grounding protocol");
  app.add_flag("--explain", options.explain, "print the codewords of each match; --explain=N (5)");
  add_number(app, "--threshold", options.threshold, RealRange{-1, 1},
             "score to exceed; with --grounding, sigmoid (0.5)", "SCORE");
  add("--median", options.median, "events: median filter, frames or seconds as 0.9s (3)", "LENGTH");
  add_post_options(app, options.post);
  add_number(app, "--min-duration", options.min_duration_s, kSeconds,
             "events: drop shorter ones (0)", "SECONDS");
  add_number(app, "--max-gap", options.max_gap_s, kSeconds,
             "events: merge those this close (0; grounding 0.5)", "SECONDS");
  app.add_flag("--whole-window", options.whole_window,
               "events: also score frames after the end of a recording");
  add("--scores", options.scores,
      "also write all scores to this HDF5 file; events: NAME/ for a folder of tables", "FILE");
  add("--plot", options.plot, "events: plot of the first recording, SVG", "FILE");
  add("--report", options.report, "events: page of plots, HTML", "FILE");
  add("--truth", options.truth, "also plot these: filename, onset, offset, event_label", "FILE");
  app.add_flag("--wide", options.wide, "a row per clip, a column with the score of each label");
  std::vector<std::string> formats;
  for (const EventFormat* format : event_formats()) formats.emplace_back(format->name);
  add_table_options(app, options.table, formats);
}

void check_label_options(const CLI::App& app, const LabelOptions& options,
                         const LabelSources& sources, const std::vector<std::string>& inputs,
                         bool embedded) {
  check_streams(options, sources, inputs);
  const bool events = options.finds_events();
  refuse_if(options.tags.multilabel && events, "--multilabel", "cannot go with --events");
  refuse_if(options.explains() && (events || !options.scores.empty()), "--explain",
            "cannot go with --events or --scores");
  refuse_if(options.explains() && embedded, "--explain",
            "needs recordings; an embedding file does not hold codewords");
  check_wide(app, options, sources);
  const EventFormat* const labels = output_format(options.table, true).labels;
  const bool is_asked = is_given(*app.get_option("--format")) ||
                        event_format_of_name(options.table.output) != nullptr;
  refuse_if(labels != nullptr && is_asked && !events, "--format",
            labels ? std::string(labels->name) + " needs --events" : "");
  check_idle_options(app, options, sources, embedded);
  check_outputs(options, sources, inputs);
  to_detect_options(options);
  if (options.explains()) codewords_to_explain(options);
}

void check_classifier_options(const CLI::App& app) {
  refuse_given(app, true, {"--labels", "--prompt", "--prompts", "--phrases"},
               "cannot go with --classifier, which has its own classes");
  refuse_given(app, true, {"--softmax"},
               "cannot go with --classifier, whose scores are probabilities");
  refuse_given(app, true, {"--grounding", "--explain", "--background"},
               "cannot go with --classifier");
}

DetectOptions to_detect_options(const LabelOptions& options) {
  DetectOptions detect;
  detect.grounding = options.grounding;
  detect.min_duration_s = options.min_duration_s;
  detect.max_gap_s = options.max_gap_s.value_or(options.grounding ? kGroundingGap_s : 0);
  std::string_view length = options.median;
  std::string wrong;
  if (length.ends_with('s')) {
    length.remove_suffix(1);
    wrong = read_number(length, kMedianSeconds, detect.median_s);
  } else {
    std::uint64_t frames = 0;
    wrong = read_number(length, kMedianFrames, frames);
    detect.median_window = frames;
    if (!wrong.empty()) wrong += ", or seconds with an s";
  }
  refuse_if(!wrong.empty(), "--median", wrong);
  return detect;
}

std::size_t codewords_to_explain(const LabelOptions& options) {
  if (options.explain == "true") return kCodewords;
  std::uint64_t most = 0;
  const std::string wrong = read_number(options.explain, WholeRange{1}, most);
  refuse_if(!wrong.empty(), "--explain", "takes a number of codewords: " + wrong);
  return most;
}

}  // namespace claptools::cmd
