#include "claptools/evaluate/probe/probe.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "claptools/core/strings/number.hpp"
#include "claptools/evaluate/intervals.hpp"
#include "claptools/evaluate/plots.hpp"
#include "claptools/evaluate/probe/probe_data.hpp"
#include "claptools/evaluate/task_parts.hpp"
#include "claptools/learn/logistic.hpp"
#include "claptools/learn/teach.hpp"
#include "claptools/metrics/classification.hpp"
#include "claptools/metrics/tagging.hpp"

namespace claptools {
namespace {

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
  ProbeData data = read_probe_data(task);
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
