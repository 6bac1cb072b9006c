#include "cmd/eval/eval_options.hpp"

#include <CLI/CLI.hpp>
#include <map>

#include "cmd/eval/task_options.hpp"
#include "cmd/options/option_types.hpp"

namespace claptools::cmd {

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
