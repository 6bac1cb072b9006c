#include "cmd/eval/detection_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <sstream>

#include "claptools/core/error.hpp"
#include "cmd/eval/task_options.hpp"
#include "cmd/options/arguments.hpp"
#include "cmd/options/option_types.hpp"

namespace claptools::cmd {
namespace {

CLI::Option* add_list(CLI::App& app, const char* name, std::vector<std::string>& words,
                      const char* type, const char* text) {
  return app.add_option(name, words, text)
      ->type_name(type)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_scheme(CLI::App& app, EvaluationOptions& options) {
  add_choice(
      app, "--ci-scheme", options.resampling,
      {{"independent", ResamplingScheme::independent}, {"balanced", ResamplingScheme::balanced}},
      "how to draw resamples: independent (default), or balanced as sed_scores_eval does", "NAME")
      ->needs("--ci");
}

bool set_share(double& share, double value) {
  share = value;
  return value >= 0 && value <= 1;
}

bool set_weight(double& weight, double value) {
  weight = value;
  return value >= 0 && std::isfinite(value);
}

/// Takes one "key=value"; false for what has no meaning.
bool set_parameter(NamedPsds& psds, const std::string& key, const std::string& text) {
  auto& [name, p] = psds;
  if (key == "name") return !(name = text).empty() && name.find('.') == std::string::npos;
  if (key == "max_efpr" && text == "none") return p.max_efpr.reset(), true;
  const auto value = parse_number(text);
  if (!value) return false;
  if (key == "dtc") return set_share(p.criteria.dtc, *value);
  if (key == "gtc") return set_share(p.criteria.gtc, *value);
  if (key == "cttc") return set_share(p.criteria.cttc.emplace(), *value);
  if (key == "alpha_ct") return set_weight(p.alpha_ct, *value);
  if (key == "alpha_st") return set_weight(p.alpha_st, *value);
  return key == "max_efpr" && set_weight(p.max_efpr.emplace(), *value) && *value > 0;
}

std::optional<NamedPsds> parse_one_psds(const std::string& word) {
  NamedPsds psds{"psds", {{0.5, 0.5, 0.3}, 0, 0, 100}};
  std::istringstream parts(word);
  for (std::string part; std::getline(parts, part, ',');) {
    const auto assignment = split_assignment(part);
    if (!assignment || !set_parameter(psds, assignment->first, assignment->second)) return {};
  }
  return psds;
}

std::string check_psds(const std::string& word) {
  return parse_one_psds(word) ? "" : "--psds does not understand '" + word + "'";
}

std::string check_event_file(const std::string& word) {
  const auto parts = split_assignment(word);
  const bool is_good = parts && parse_number(parts->first) && !parts->second.empty();
  return is_good ? "" : "--events needs T=FILE, not '" + word + "'";
}

/// "0.32,0.64"; nothing if one of them is not a length.
std::optional<std::vector<double>> parse_lengths(const std::string& list) {
  std::vector<double> lengths;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ',');) {
    double length_s = 0;
    if (!read_number(part, kStepFilterLength_s, length_s).empty()) return {};
    lengths.push_back(length_s);
  }
  return lengths.empty() || list.ends_with(',') ? std::nullopt : std::optional(lengths);
}

std::vector<NamedPsds> parse_psds(const std::vector<std::string>& words) {
  std::vector<NamedPsds> parsed;
  for (const std::string& word : words) parsed.push_back(parse_one_psds(word).value());
  return parsed;
}

std::vector<EventFile> parse_event_files(const std::vector<std::string>& words) {
  std::vector<EventFile> files;
  for (const std::string& word : words) {
    const auto [threshold, path] = split_assignment(word).value();
    files.push_back({parse_number(threshold).value(), path});
    const double own = files.back().threshold;
    if (std::ranges::count(files, own, &EventFile::threshold) > 1) {
      throw Error(Fault::usage, "--events", "two files have the threshold " + threshold);
    }
  }
  return files;
}

}  // namespace

void add_options(CLI::App& app, DetectionArguments& arguments) {
  DetectionTask& task = arguments.task;
  CLI::Option* const scores =
      add_file(app, "--scores", task.scores, "score file of frames, or folder of score tables");
  CLI::Option* const events = add_list(app, "--events", arguments.events, "T=FILE",
                                       "events detected at threshold T; may be repeated")
                                  ->excludes(scores)
                                  ->check(check_event_file);
  add_file(app, "--truth", task.truth, "table: filename, onset, offset, event_label")->required();
  add_file(app, "--durations", task.durations, "table: filename, duration")->required();
  add_median(app, task.median_window, "median filter over the scores (1: none)")->excludes(events);
  add_post_options(app, arguments.post);
  app.get_option("--post")->excludes(events);
  add_choice(app, "--tune", arguments.tunes, {{"csebbs", true}},
             "csebbs: choose the parameters of each class with the best PSDS1", "WORD")
      ->excludes(events);
  app.add_option("--tune-lengths", arguments.tuned_lengths,
                 "step filter lengths to try (0.32,0.48,0.64)")
      ->type_name("LIST")
      ->needs("--tune")
      ->check([](const std::string& word) {
        return parse_lengths(word) ? "" : "not lengths above 0 (s), separated by commas";
      });
  add_list(app, "--psds", arguments.psds, "LIST",
           "another PSDS: name=,dtc=,gtc=,cttc=,alpha_ct=,alpha_st=,max_efpr=")
      ->check(check_psds);
  add_number(app, "--f-threshold", task.f_threshold, RealRange{},
             "threshold of the metrics *_at (0.2)", "T")
      ->excludes(events);
  add_file(app, "--thresholds", task.thresholds, "label<TAB>threshold lines for the metrics *_at")
      ->excludes(events);
  add_names(app, task.options.names);
  add_unscored(app, task.drop_clips_without_truth);
  app.add_flag("--drop-clips-without-events", task.drop_clips_without_events,
               "ignore these, as in the official protocol");
  app.add_flag("--drop-classes-without-events", task.drop_classes_without_events,
               "ignore classes without events in the truth");
  for (const char* name : {"--drop-clips-without-truth", "--drop-clips-without-events",
                           "--drop-classes-without-events"}) {
    app.get_option(name)->excludes(events);
  }
  add_list(app, "--class", arguments.classes, "NAME", "with --events: also evaluate this class")
      ->excludes(scores);
  add_merge(app, task.merge_overlapping);
  add_intervals(app, task.options);
  add_scheme(app, task.options);
}

DetectionTask frame_task(const DetectionArguments& arguments) {
  DetectionTask task = arguments.task;
  if (task.scores.empty()) throw Error(Fault::usage, "detection", "give --scores or --events");
  task.psds = parse_psds(arguments.psds);
  const PostArguments& post = arguments.post;
  if (post.post == Post::csebbs) task.boxes = {post.csebbs, post.parameters, {}};
  if (arguments.tunes) task.boxes = {{}, "", CsebbsGrid{}};
  if (!arguments.tuned_lengths.empty())
    task.boxes->tuning->step_filter_lengths_s = parse_lengths(arguments.tuned_lengths).value();
  return task;
}

void check_options(const CLI::App& app, const DetectionArguments& arguments) {
  PostArguments post = arguments.post;
  if (arguments.tunes) {
    for (const char* name : {"--post-parameters", "--step-filter-length", "--merge-threshold-abs",
                             "--merge-threshold-rel"})
      if (is_given(*app.get_option(name)))
        throw Error(Fault::usage, name, "cannot go with --tune, which chooses it");
    post.post = Post::csebbs;
  }
  check_post_options(app, post);
}

EventListTask list_task(const DetectionArguments& arguments) {
  const DetectionTask& typed = arguments.task;
  EventListTask task;
  task.events = parse_event_files(arguments.events);
  task.truth = typed.truth;
  task.durations = typed.durations;
  task.classes = arguments.classes;
  task.psds = parse_psds(arguments.psds);
  task.merge_overlapping = typed.merge_overlapping;
  task.options = typed.options;
  return task;
}

ReportRows files_of(const DetectionArguments& arguments) {
  const DetectionTask& task = arguments.task;
  ReportRows files{{"scores", task.scores}};
  for (const std::string& word : arguments.events) {
    const auto [threshold, file] = split_assignment(word).value();
    files.emplace_back("events " + threshold, file);
  }
  files.insert(files.end(), {{"truth", task.truth},
                             {"durations", task.durations},
                             {"thresholds", task.thresholds},
                             {"post_parameters", arguments.post.parameters}});
  return given(std::move(files));
}

}  // namespace claptools::cmd
