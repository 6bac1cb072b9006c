#include "cmd/eval/eval_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include "claptools/core/error.hpp"
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

void add_intervals(CLI::App& app, EvalOptions& options) {
  add_number(app, "--ci", options.resamples, WholeRange{1, 10'000'000},
             "95 % intervals from N bootstrap resamples of clips", "N");
  add_number(app, "--seed", options.seed, WholeRange{}, "seed of the resamples (1)", "N")
      ->needs("--ci");
}

void add_names(CLI::App& app, EvalOptions& options) {
  app.add_flag("--basenames", options.names.basenames,
               "compare only the part of file names after the last slash");
  app.add_flag("--stems", options.names.stems, "compare file names without their last extension");
}

void add_unscored(CLI::App& app, EvalOptions& options) {
  app.add_flag("--drop-clips-without-truth", options.drop_clips_without_truth,
               "ignore scored clips that the truth does not have");
}

CLI::Option* add_median(CLI::App& app, EvalOptions& options, const char* text) {
  return add_number(app, "--median", options.median, WholeRange{1, 100'001, "frames"}, text,
                    "FRAMES");
}

void add_merge(CLI::App& app, EvalOptions& options) {
  app.add_flag("--merge-overlapping", options.merge_overlapping,
               "merge events of one class that overlap or touch");
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

}  // namespace

void add_classification_options(CLI::App& app, EvalOptions& options) {
  add_file(app, "--scores", options.scores, "score file [clip, class]")->required();
  add_file(app, "--truth", options.truth, "table: id (or clip_id), label, optionally fold")
      ->required();
  add_names(app, options);
  add_unscored(app, options);
  add_intervals(app, options);
}

void add_tagging_options(CLI::App& app, EvalOptions& options) {
  add_file(app, "--scores", options.scores, "score file [clip, class]")->required();
  add_file(app, "--truth", options.truth, "table: filename, event_labels")->required();
  app.add_option("--label-separator", options.label_separator, "separator of event_labels (,)")
      ->type_name("CHAR")
      ->check([](const std::string& word) {
        return word.size() == 1 && word != "\"" ? "" : "not one character other than a quote";
      });
  add_names(app, options);
  add_unscored(app, options);
  add_intervals(app, options);
}

void add_retrieval_options(CLI::App& app, EvalOptions& options) {
  const std::map<std::string, TieRule> rules = {{"last-first", TieRule::last_index_first},
                                                {"first-first", TieRule::first_index_first},
                                                {"optimistic", TieRule::optimistic},
                                                {"pessimistic", TieRule::pessimistic}};
  add_file(app, "--audio", options.audio, "embedding file of the recordings");
  add_file(app, "--text", options.text, "embedding file of the captions")->needs("--audio");
  app.get_option("--audio")->needs("--text");
  add_file(app, "--embeddings", options.embeddings, "one file with audio, text and audio_ids");
  add_file(app, "--scores", options.scores, "similarities [audio, text]");
  add_file(app, "--truth", options.truth, "table: audio_id, optionally caption_index")->required();
  const auto set_ties = [&options, rules](const CLI::results_t& words) {
    options.ties = rules.at(words.front());
    return true;
  };
  app.add_option("--ties", CLI::callback_t(set_ties),
                 "last-first (default), first-first, optimistic, pessimistic")
      ->type_name("RULE")
      ->check(one_of({"last-first", "first-first", "optimistic", "pessimistic"}));
  app.add_flag("--uneven-captions", options.uneven_captions,
               "allow different numbers of captions per recording");
  add_names(app, options);
  add_intervals(app, options);
}

void add_detection_options(CLI::App& app, EvalOptions& options) {
  CLI::Option* const scores = add_file(app, "--scores", options.scores, "score file of frames");
  CLI::Option* const events = add_list(app, "--events", options.events, "T=FILE",
                                       "events detected at threshold T; may be repeated")
                                  ->excludes(scores)
                                  ->check(check_event_file);
  add_file(app, "--truth", options.truth, "table: filename, onset, offset, event_label")
      ->required();
  add_file(app, "--durations", options.durations, "table: filename, duration")->required();
  add_median(app, options, "median filter over the scores (1: none)")->excludes(events);
  add_list(app, "--psds", options.psds, "LIST",
           "another PSDS: name=,dtc=,gtc=,cttc=,alpha_ct=,alpha_st=,max_efpr=")
      ->check(check_psds);
  add_number(app, "--f-threshold", options.f_threshold, RealRange{},
             "threshold of the metrics *_at (0.2)", "T")
      ->excludes(events);
  add_names(app, options);
  add_unscored(app, options);
  app.add_flag("--drop-clips-without-events", options.drop_clips_without_events,
               "ignore these, as in the official protocol");
  app.add_flag("--drop-classes-without-events", options.drop_classes_without_events,
               "ignore classes without events in the truth");
  for (const char* name : {"--drop-clips-without-truth", "--drop-clips-without-events",
                           "--drop-classes-without-events"}) {
    app.get_option(name)->excludes(events);
  }
  add_list(app, "--class", options.classes, "NAME", "with --events: also evaluate this class")
      ->excludes(scores);
  add_merge(app, options);
  add_intervals(app, options);
}

void add_grounding_options(CLI::App& app, EvalOptions& options) {
  add_file(app, "--scores", options.scores, "score file [item, frame]")->required();
  add_file(app, "--truth", options.truth, "table: filename, onset, offset, event_label, audio_id")
      ->required();
  add_file(app, "--durations", options.durations, "table: audio_id, duration")->required();
  add_median(app, options, "median filter over the decisions (3)");
  add_number(app, "--max-gap", options.max_gap_s, kSeconds, "merge events this close (0.5)",
             "SECONDS");
  add_names(app, options);
  add_merge(app, options);
  add_intervals(app, options);
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

std::vector<NamedPsds> parse_psds(const EvalOptions& options) {
  std::vector<NamedPsds> parsed;
  for (const std::string& word : options.psds) parsed.push_back(parse_one_psds(word).value());
  return parsed;
}

std::vector<EventFile> parse_event_files(const EvalOptions& options) {
  std::vector<EventFile> files;
  for (const std::string& word : options.events) {
    const auto [threshold, path] = split_assignment(word).value();
    files.push_back({parse_number(threshold).value(), path});
    const double own = files.back().threshold;
    if (std::ranges::count(files, own, &EventFile::threshold) > 1) {
      throw Error(Fault::usage, "--events", "two files have the threshold " + threshold);
    }
  }
  return files;
}

}  // namespace claptools::cmd
