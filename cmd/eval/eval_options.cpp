#include "cmd/eval/eval_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <sstream>

#include "claptools/core/error.hpp"
#include "cmd/options/arguments.hpp"
#include "cmd/options/option_types.hpp"

namespace claptools::cmd {
namespace {

CLI::Option* add_file(CLI::App& app, const char* name, std::string& file, const char* text) {
  return app.add_option(name, file, text)->type_name("FILE");
}

CLI::Option* add_list(CLI::App& app, const char* name, std::vector<std::string>& words,
                      const char* type, const char* text) {
  return app.add_option(name, words, text)
      ->type_name(type)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_intervals(CLI::App& app, EvaluationOptions& options) {
  add_number(app, "--ci", options.resamples, WholeRange{1, 10'000'000},
             "intervals from N bootstrap resamples of clips", "N");
  add_number(app, "--ci-level", options.level, RealRange{0, 1, "", true, true},
             "share of the resamples that the intervals hold (0.95; balanced 0.9)", "SHARE")
      ->needs("--ci");
  add_number(app, "--seed", options.seed, WholeRange{}, "seed of the resamples (1; balanced 0)",
             "N")
      ->needs("--ci");
}

void add_scheme(CLI::App& app, EvaluationOptions& options) {
  add_choice(
      app, "--ci-scheme", options.resampling,
      {{"independent", ResamplingScheme::independent}, {"balanced", ResamplingScheme::balanced}},
      "how to draw resamples: independent (default), or balanced as sed_scores_eval does", "NAME")
      ->needs("--ci");
}

void add_names(CLI::App& app, NameMatching& names) {
  app.add_flag("--basenames", names.basenames,
               "compare only the part of file names after the last slash");
  app.add_flag("--stems", names.stems, "compare file names without their last extension");
}

void add_unscored(CLI::App& app, bool& drop) {
  app.add_flag("--drop-clips-without-truth", drop,
               "ignore scored clips that the truth does not have");
}

CLI::Option* add_median(CLI::App& app, std::size_t& window, const char* text) {
  return add_number(app, "--median", window, WholeRange{1, 100'001, "frames"}, text, "FRAMES");
}

void add_merge(CLI::App& app, bool& merge) {
  app.add_flag("--merge-overlapping", merge, "merge events of one class that overlap or touch");
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

ReportRows given(ReportRows files) {
  std::erase_if(files, [](const auto& file) { return file.second.empty(); });
  return files;
}

}  // namespace

void add_options(CLI::App& app, ClassificationTask& task) {
  add_file(app, "--scores", task.scores, "score file [clip, class]")->required();
  add_file(app, "--truth", task.truth, "table: id (or clip_id), label, optionally fold")
      ->required();
  add_names(app, task.options.names);
  add_unscored(app, task.drop_clips_without_truth);
  add_intervals(app, task.options);
}

void add_options(CLI::App& app, TaggingTask& task) {
  add_file(app, "--scores", task.scores, "score file [clip, class]")->required();
  add_file(app, "--truth", task.truth, "table: filename, event_labels")->required();
  const auto set_separator = [&task](const CLI::results_t& words) {
    task.label_separator = words.front()[0];
    return true;
  };
  app.add_option("--label-separator", CLI::callback_t(set_separator),
                 "separator of event_labels (,)")
      ->type_name("CHAR")
      ->check([](const std::string& word) {
        return word.size() == 1 && word != "\"" ? "" : "not one character other than a quote";
      });
  add_names(app, task.options.names);
  add_unscored(app, task.drop_clips_without_truth);
  add_intervals(app, task.options);
}

void add_options(CLI::App& app, RetrievalTask& task) {
  const std::map<std::string, TieRule> rules = {{"last-first", TieRule::last_index_first},
                                                {"first-first", TieRule::first_index_first},
                                                {"optimistic", TieRule::optimistic},
                                                {"pessimistic", TieRule::pessimistic}};
  add_file(app, "--audio", task.audio, "embedding file of the recordings");
  add_file(app, "--text", task.text, "embedding file of the captions")->needs("--audio");
  app.get_option("--audio")->needs("--text");
  add_file(app, "--embeddings", task.embeddings,
           "one file with audio, text, audio_ids and perhaps text_ids");
  add_file(app, "--scores", task.scores, "similarities [audio, text] or [query, item]");
  add_file(app, "--truth", task.truth,
           "table: audio_id, optionally caption_index; or query, item, relevance")
      ->required();
  const auto set_ties = [&task, rules](const CLI::results_t& words) {
    task.ties = rules.at(words.front());
    return true;
  };
  app.add_option("--ties", CLI::callback_t(set_ties),
                 "last-first (default), first-first, optimistic, pessimistic")
      ->type_name("RULE")
      ->check(one_of({"last-first", "first-first", "optimistic", "pessimistic"}));
  app.add_flag("--uneven-captions", task.uneven_captions,
               "allow different numbers of captions per recording");
  app.add_flag("--ranked-metrics", task.ranked_metrics,
               "also nDCG, MAP, MRR, recall and others at 1 to 1000, as t2a.ndcg_at_10");
  add_names(app, task.options.names);
  add_intervals(app, task.options);
}

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

void add_options(CLI::App& app, GroundingTask& task) {
  add_file(app, "--scores", task.scores, "score file [item, frame]")->required();
  add_file(app, "--truth", task.truth, "table: filename, onset, offset, event_label, audio_id")
      ->required();
  add_file(app, "--durations", task.durations, "table: audio_id, duration")->required();
  add_median(app, task.median_window, "median filter over the decisions (3)");
  add_number(app, "--max-gap", task.max_gap_s, kSeconds, "merge events this close (0.5)",
             "SECONDS");
  add_names(app, task.options.names);
  add_merge(app, task.merge_overlapping);
  add_intervals(app, task.options);
}

void add_options(CLI::App& app, ProbeTask& task) {
  add_file(app, "--embeddings", task.embeddings, "embedding file of the recordings")->required();
  add_file(app, "--truth", task.truth, "table: id, label (or event_labels), fold or split")
      ->required();
  app.add_flag("--folds", task.folds,
               "test each fold with a model of the others; else the column split says");
  add_number(app, "--c", task.c, RealRange{0, 1e12, "", true},
             "inverse strength of the L2 penalty (by cross-validation)", "C");
  add_names(app, task.options.names);
  add_unscored(app, task.drop_clips_without_truth);
  add_intervals(app, task.options);
}

void add_options(CLI::App& app, GenerationTask& task) {
  add_file(app, "--audio", task.audio, "embedding file of the generated sounds")->required();
  add_file(app, "--text", task.text, "embedding file of their captions, for the CLAP score");
  add_file(app, "--reference", task.reference,
           "embedding file of recordings, for the Fréchet audio distance");
  add_file(app, "--truth", task.truth, "table: audio_id, optionally caption or caption_index")
      ->needs("--text");
  add_names(app, task.options.names);
  add_intervals(app, task.options);
}

void add_options(CLI::App& app, MomentsTask& task) {
  add_file(app, "--predictions", task.predictions,
           "JSON Lines: qid, pred_relevant_windows; or table of events with scores")
      ->required();
  add_file(app, "--truth", task.truth, "JSON Lines: qid, query, vid, relevant_windows")->required();
  add_intervals(app, task.options);
}

std::optional<std::pair<std::string, std::string>> split_assignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
  return std::pair(std::string(word.substr(0, equals)), std::string(word.substr(equals + 1)));
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  return read_number(text, RealRange{}, value).empty() ? std::optional(value) : std::nullopt;
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

ReportRows files_of(const ClassificationTask& task) {
  return given({{"scores", task.scores}, {"truth", task.truth}});
}

ReportRows files_of(const TaggingTask& task) {
  return given({{"scores", task.scores}, {"truth", task.truth}});
}

ReportRows files_of(const RetrievalTask& task) {
  return given({{"scores", task.scores},
                {"embeddings", task.embeddings},
                {"audio", task.audio},
                {"text", task.text},
                {"truth", task.truth}});
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

ReportRows files_of(const MomentsTask& task) {
  return given({{"predictions", task.predictions}, {"truth", task.truth}});
}

ReportRows files_of(const GroundingTask& task) {
  return given({{"scores", task.scores}, {"truth", task.truth}, {"durations", task.durations}});
}

ReportRows files_of(const ProbeTask& task) {
  return given({{"embeddings", task.embeddings}, {"truth", task.truth}});
}

ReportRows files_of(const GenerationTask& task) {
  return given({{"audio", task.audio},
                {"text", task.text},
                {"truth", task.truth},
                {"reference", task.reference}});
}

}  // namespace claptools::cmd
