#include "claptools/evaluate/probe.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "claptools/core/strings/number.hpp"
#include "claptools/evaluate/intervals.hpp"
#include "claptools/evaluate/plots.hpp"
#include "claptools/evaluate/task_parts.hpp"
#include "claptools/learn/logistic.hpp"
#include "claptools/learn/teach.hpp"
#include "claptools/metrics/classification.hpp"
#include "claptools/metrics/tagging.hpp"

namespace claptools {
namespace {

constexpr NameKind kEmbedded{"recording", "recordings", "those embedded", true};
constexpr auto kNone = static_cast<std::size_t>(-1);

/// The recordings of an embedding file, and which one each row belongs to.
struct Recordings {
  std::vector<std::string> ids;
  std::vector<std::size_t> of_row;
};

Recordings recordings_of(const EmbeddingReader& reader) {
  Recordings found;
  std::unordered_map<std::string, std::size_t> index;
  for (const Segment& segment : reader.segments()) {
    const auto [at, is_new] = index.emplace(segment.id, found.ids.size());
    if (is_new) found.ids.push_back(segment.id);
    found.of_row.push_back(at->second);
  }
  return found;
}

/// What is to be learned and asked, recording by recording.
struct ProbeData {
  TeachingData all;
  std::vector<std::string> ids;
  std::vector<std::string> missing;
  ReportRows provenance;
};

std::vector<std::size_t> match(const TeachingLabels& labels, const ProbeTask& task,
                               ClipMatcher& clips) {
  std::vector<std::size_t> label_of(clips.ids().size(), kNone);
  for (std::size_t i = 0; i < labels.ids.size(); ++i) {
    const auto at = clips.find(labels.ids[i]);
    if (!at) continue;
    if (label_of[*at] != kNone)
      throw Error(Fault::data, task.truth,
                  "recording " + quote_name(labels.ids[i]) + " is labelled twice");
    label_of[*at] = i;
  }
  clips.settle(task.truth);
  const auto bare = std::ranges::find(label_of, kNone);
  if (bare != label_of.end() && !task.drop_clips_without_truth) {
    const auto& name = clips.ids()[static_cast<std::size_t>(bare - label_of.begin())];
    throw Error(Fault::data, task.truth, "no label for recording " + quote_name(name));
  }
  return label_of;
}

/// Adds the labelled recordings, and their rows.
void gather(const EmbeddingReader& reader, const Recordings& recordings,
            const TeachingLabels& labels, const std::vector<std::size_t>& label_of,
            ProbeData& data) {
  std::vector<std::size_t> place(recordings.ids.size(), kNone);
  for (std::size_t i = 0; i < recordings.ids.size(); ++i) {
    if (label_of[i] == kNone) continue;
    place[i] = data.ids.size();
    data.ids.push_back(recordings.ids[i]);
    data.all.recording_classes.push_back(labels.ids_classes[label_of[i]]);
    data.all.recording_folds.push_back(labels.folds[label_of[i]]);
  }
  std::vector<std::size_t> kept;
  for (std::size_t row = 0; row < recordings.of_row.size(); ++row)
    if (place[recordings.of_row[row]] != kNone) kept.push_back(row);
  data.all.rows = rows_of(reader.embeddings(0, reader.rows()), kept);
  for (const std::size_t row : kept) {
    data.all.row_recordings.push_back(place[recordings.of_row[row]]);
    data.all.row_classes.push_back(data.all.recording_classes[data.all.row_recordings.back()]);
  }
}

ProbeData read_data(const ProbeTask& task) {
  const char* const column = task.folds ? "fold" : "split";
  TeachingLabels labels = read_teaching_labels(task.truth, task.options.log, column);
  if (labels.folds.empty())
    throw Error(Fault::data, task.truth, std::string("there is no column '") + column + "'");
  const EmbeddingReader reader(task.embeddings);
  std::vector<std::string> failed;
  for (const InputError& error : reader.errors()) failed.push_back(error.id);
  const Recordings recordings = recordings_of(reader);
  ClipMatcher clips(recordings.ids, match_options(task.options, std::move(failed)), kEmbedded,
                    task.embeddings);
  ProbeData data;
  data.all.header = reader.header();
  data.all.classes = labels.classes;
  data.all.choice = labels.choice;
  gather(reader, recordings, labels, match(labels, task, clips), data);
  data.missing = clips.missing();
  data.provenance = {{"model_name", reader.header().model_name},
                     {"model_sha256", reader.header().model_sha256},
                     {"embeddings_command", reader.header().command}};
  std::erase_if(data.provenance, [](const auto& row) { return row.second.empty(); });
  return data;
}

/// Some of the recordings, with their rows.
TeachingData part_of(const TeachingData& all, const std::vector<bool>& is_wanted) {
  TeachingData part;
  part.header = all.header;
  part.classes = all.classes;
  part.choice = all.choice;
  std::vector<std::size_t> place(is_wanted.size(), kNone), kept;
  for (std::size_t i = 0; i < is_wanted.size(); ++i) {
    if (!is_wanted[i]) continue;
    place[i] = part.recording_classes.size();
    part.recording_classes.push_back(all.recording_classes[i]);
    part.recording_folds.push_back(all.recording_folds[i]);
  }
  for (std::size_t row = 0; row < all.row_recordings.size(); ++row) {
    if (place[all.row_recordings[row]] == kNone) continue;
    kept.push_back(row);
    part.row_recordings.push_back(place[all.row_recordings[row]]);
    part.row_classes.push_back(all.row_classes[row]);
  }
  part.rows = rows_of(all.rows, kept);
  return part;
}

/// Mean probabilities of each recording. @param rows those of `part`.
Matrix by_recording(const Matrix& rows, const TeachingData& part) {
  Matrix means(part.recording_classes.size(), rows.cols);
  std::vector<float> counts(means.rows);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const std::size_t recording = part.row_recordings[i];
    ++counts[recording];
    for (std::size_t c = 0; c < rows.cols; ++c) means.row(recording)[c] += rows.row(i)[c];
  }
  for (std::size_t i = 0; i < means.rows; ++i)
    for (float& value : means.row(i)) value /= counts[i];
  return means;
}

/// Recordings that were tested, in the order of the tests.
struct Tested {
  std::vector<std::size_t> recordings;
  Matrix scores;
  std::vector<double> strengths;  ///< of each test
};

/// A model and the strength of its penalty.
std::pair<LogisticModel, double> learn(const TeachingData& lesson, const ProbeTask& task) {
  const int threads = static_cast<int>(task.options.threads);
  if (task.c) {
    std::vector<std::size_t> all(lesson.rows.rows);
    std::iota(all.begin(), all.end(), std::size_t{0});
    LogisticOptions how;
    how.c = *task.c;
    how.threads = threads;
    return {fit_logistic(lesson.labelled(), all, how), *task.c};
  }
  TeachOptions how;
  how.method = TeachMethod::logistic;
  how.threads = threads;
  Teaching teaching = teach(lesson, how);
  return {{std::move(teaching.file.weights), std::move(teaching.file.bias)}, teaching.file.c};
}

/// Learns from some recordings and asks about others.
void test(const ProbeData& data, const std::vector<bool>& learned, const std::vector<bool>& asked,
          const ProbeTask& task, Tested& tested) {
  TeachingData lesson = part_of(data.all, learned);
  if (!task.folds) lesson.recording_folds.clear();  // all are of "train"
  const auto [model, strength] = learn(lesson, task);
  const TeachingData questions = part_of(data.all, asked);
  const Matrix rows =
      logistic_probabilities(to_float(model.weights), model.bias, data.all.choice, questions.rows);
  const Matrix part = by_recording(rows, questions);
  tested.strengths.push_back(strength);
  tested.scores.cols = part.cols;
  tested.scores.rows += part.rows;
  tested.scores.data.insert(tested.scores.data.end(), part.data.begin(), part.data.end());
  for (std::size_t i = 0; i < asked.size(); ++i)
    if (asked[i]) tested.recordings.push_back(i);
}

std::vector<bool> where(const ProbeData& data, const std::string& fold, bool is) {
  std::vector<bool> wanted;
  for (const std::string& own : data.all.recording_folds) wanted.push_back((own == fold) == is);
  return wanted;
}

void require_some(const std::vector<bool>& wanted, const ProbeTask& task, const std::string& what) {
  if (std::ranges::count(wanted, true) == 0)
    throw Error(Fault::data, task.truth, "no embedded recording " + what);
}

Tested test_folds(const ProbeData& data, const ProbeTask& task) {
  std::vector<std::string> folds = data.all.recording_folds;
  std::ranges::sort(folds);
  folds.erase(std::ranges::unique(folds).begin(), folds.end());
  if (folds.size() < 2) throw Error(Fault::data, task.truth, "there is only one fold");
  Tested tested;
  for (const std::string& fold : folds)
    test(data, where(data, fold, false), where(data, fold, true), task, tested);
  return tested;
}

Tested test_split(const ProbeData& data, const ProbeTask& task) {
  const std::vector<bool> learned = where(data, "train", true), asked = where(data, "test", true);
  require_some(learned, task, "has the split 'train'");
  require_some(asked, task, "has the split 'test'");
  const auto others = static_cast<std::ptrdiff_t>(learned.size()) -
                      std::ranges::count(learned, true) - std::ranges::count(asked, true);
  if (others > 0)
    report(task.options.log, LogLevel::warning,
           task.truth + ": left out: recordings whose split is neither 'train' nor 'test': " +
               std::to_string(others));
  Tested tested;
  test(data, learned, asked, task, tested);
  return tested;
}

Evaluation score_one(const ProbeData& data, const Tested& tested, const ProbeTask& task) {
  ClassificationTruth truth;
  for (const std::size_t i : tested.recordings) {
    truth.classes.push_back(data.all.recording_classes[i][0]);
    if (task.folds) truth.folds.push_back(data.all.recording_folds[i]);
  }
  const auto& classes = data.all.classes;
  Evaluation evaluation{
      to_metrics(score_classification(tested.scores, truth, classes)), {}, {}, {}};
  const auto drawn = [&](std::span<const std::size_t> clips) {
    ClassificationTruth some;
    for (const std::size_t clip : clips) {
      some.classes.push_back(truth.classes[clip]);
      if (task.folds) some.folds.push_back(truth.folds[clip]);
    }
    return to_metrics(score_classification(rows_of(tested.scores, clips), some, classes));
  };
  add_intervals(evaluation, some_of(data.ids, tested.recordings), drawn, task.options);
  if (task.options.with_plots)
    evaluation.plots.push_back(plot_confusion(tested.scores, truth, classes));
  return evaluation;
}

Evaluation score_any(const ProbeData& data, const Tested& tested, const ProbeTask& task) {
  TaggingTruth truth;
  for (const std::size_t i : tested.recordings)
    truth.emplace_back(data.all.recording_classes[i].begin(), data.all.recording_classes[i].end());
  const auto& classes = data.all.classes;
  const TaggingOptions how{true, true, task.options.threads};
  const TaggingScores result = score_tagging(tested.scores, truth, how);
  Evaluation evaluation{to_metrics(result, classes), {}, {}, {}};
  if (task.options.resamples > 0) {
    const TaggingResampler resample(tested.scores, truth, how);
    add_intervals(
        evaluation, some_of(data.ids, tested.recordings),
        [&](auto clips) { return to_metrics(resample(clips), classes); }, task.options);
  }
  if (task.options.with_plots)
    evaluation.plots.push_back(plot_precision_recall(tested.scores, truth, result, classes));
  return evaluation;
}

std::string strengths_text(const std::vector<double>& strengths) {
  std::string text;
  for (const double c : strengths) text += (text.empty() ? "" : ", ") + number_text(c);
  return text;
}

}  // namespace

Evaluation evaluate(const ProbeTask& task) {
  ProbeData data = read_data(task);
  return about(task.embeddings, [&] {
    const Tested tested = task.folds ? test_folds(data, task) : test_split(data, task);
    Evaluation evaluation = data.all.choice == ClassChoice::one ? score_one(data, tested, task)
                                                                : score_any(data, tested, task);
    evaluation.provenance = std::move(data.provenance);
    evaluation.provenance.emplace_back("c", strengths_text(tested.strengths));
    evaluation.missing = std::move(data.missing);
    count_missing(evaluation);
    return evaluation;
  });
}

std::vector<std::string> metric_names(const ProbeTask& /*task*/) {
  std::vector<std::string> names = classification_metrics();
  for (const std::string& name : tagging_metrics())
    if (std::ranges::count(names, name) == 0) names.push_back(name);
  return with_missing(names);
}

}  // namespace claptools
