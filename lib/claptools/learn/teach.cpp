#include "claptools/learn/teach.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <utility>

#include "claptools/core/dot.hpp"
#include "claptools/core/parallel_for.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/learn/folds.hpp"
#include "claptools/learn/nearest.hpp"
#include "claptools/learn/trial.hpp"

namespace claptools {
namespace {

constexpr std::array kStrengths = {0.01, 0.1, 1.0, 10.0, 100.0, 1000.0, 10000.0};
constexpr std::size_t kPatience = 2;      // strengths without a better result that end the search
constexpr double kTrialTolerance = 1e-4;  // enough to rank the classes of a row
constexpr std::size_t kTrialSteps = 200;
constexpr std::size_t kManyRows = 20'000;  // of which one fold tells strengths apart
constexpr std::array<std::size_t, 3> kNeighbours = {1, 3, 5};
constexpr std::size_t kTrialRows = 2000;  // of nearest neighbours, which compare all with all

bool is_stopped(const TeachOptions& options) { return options.stop && *options.stop; }

void tell(const TeachOptions& options, const std::string& text) {
  if (options.progress) options.progress(text);
}

std::vector<std::uint64_t> count_examples(const TeachingData& data) {
  std::vector<std::uint64_t> counts(data.classes.size());
  for (const auto& own : data.recording_classes)
    for (const std::uint32_t c : own) ++counts[c];
  return counts;
}

/// The fold of each recording, and how many there are.
std::pair<std::vector<std::size_t>, std::size_t> folds_of(const TeachingData& data,
                                                          std::size_t wanted) {
  if (data.recording_folds.empty()) {
    const std::size_t most = data.recording_classes.size();
    const std::size_t folds = std::min(wanted, most);
    return {make_folds(data.recording_classes, data.classes.size(), folds), folds};
  }
  const std::set<std::string> names(data.recording_folds.begin(), data.recording_folds.end());
  std::vector<std::size_t> fold_of;
  for (const std::string& name : data.recording_folds)
    fold_of.push_back(static_cast<std::size_t>(std::distance(names.begin(), names.find(name))));
  return {std::move(fold_of), names.size()};
}

/// Rows to learn from and rows to be asked about.
struct Split {
  std::vector<std::size_t> learned, asked;
  LogisticModel model;  // of the strength before
};

std::vector<Split> make_splits(const TeachingData& data, const std::vector<std::size_t>& fold_of,
                               std::size_t folds) {
  std::vector<Split> splits(folds);
  for (std::size_t r = 0; r < data.row_recordings.size(); ++r)
    for (std::size_t f = 0; f < folds; ++f)
      (fold_of[data.row_recordings[r]] == f ? splits[f].asked : splits[f].learned).push_back(r);
  std::erase_if(splits, [](const Split& s) { return s.learned.empty() || s.asked.empty(); });
  return splits;
}

Matrix some_rows(MatrixView all, std::span<const std::size_t> rows) {
  Matrix some(rows.size(), all.cols);
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::ranges::copy(all.row(rows[i]), some.row(i).begin());
  return some;
}

/// Asks about each split's rows a model of the others.
Trial try_strength(double c, const TeachingData& data, std::span<Split> splits,
                   const TeachOptions& options) {
  LogisticOptions how{c, kTrialTolerance, kTrialSteps, options.threads, options.stop};
  const LabelledRows labelled = data.labelled();
  std::vector<std::size_t> rows;
  Matrix all(0, data.classes.size());
  for (std::size_t f = 0; f < splits.size() && !is_stopped(options); ++f) {
    Split& split = splits[f];
    tell(options, "C " + number_text(c) + ", fold " + std::to_string(f + 1) + " of " +
                      std::to_string(splits.size()));
    split.model = fit_logistic(labelled, split.learned, how, split.model);
    const Matrix part = logistic_probabilities(to_float(split.model.weights), split.model.bias,
                                               data.choice, some_rows(data.rows, split.asked));
    all.data.insert(all.data.end(), part.data.begin(), part.data.end());
    all.rows += part.rows;
    rows.insert(rows.end(), split.asked.begin(), split.asked.end());
  }
  return is_stopped(options) ? Trial{} : judge(all, rows, labelled);
}

/// The strength that did best, weak penalties last.
std::pair<double, Trial> choose_strength(const TeachingData& data, std::span<Split> splits,
                                         const TeachOptions& options) {
  std::pair<double, Trial> best{1, {}};
  std::size_t worse = 0;
  for (const double c : kStrengths) {
    Trial trial = try_strength(c, data, splits, options);
    if (is_stopped(options)) break;
    if (best.second.per_class.empty() || is_better(trial, best.second, data.choice)) {
      best = {c, std::move(trial)};
      worse = 0;
    } else if (++worse == kPatience) {
      break;
    }
  }
  return best;
}

/// The strength and how well it does in all splits.
std::pair<double, Trial> judge_strength(const TeachingData& data, std::vector<Split>& splits,
                                        const TeachOptions& options) {
  if (splits.empty()) return {options.c.value_or(1), {}};
  const bool is_small = data.rows.rows < kManyRows;
  if (!options.c && is_small) return choose_strength(data, splits, options);
  const double c =
      options.c ? *options.c : choose_strength(data, std::span(splits).first(1), options).first;
  if (is_stopped(options)) return {c, {}};
  return {c, try_strength(c, data, splits, options)};
}

void keep_figures(const Trial& trial, Teaching& teaching) {
  if (trial.per_class.empty()) return;
  teaching.file.accuracy = trial.accuracy;
  teaching.file.class_accuracy = trial.class_accuracy;
  teaching.per_class = trial.per_class;
}

void teach_logistic(const TeachingData& data, const TeachOptions& options, Teaching& teaching) {
  const auto [fold_of, folds] = folds_of(data, options.folds);
  std::vector<Split> splits = make_splits(data, fold_of, folds);
  const auto [c, trial] = judge_strength(data, splits, options);
  splits.clear();
  keep_figures(trial, teaching);
  teaching.folds = folds;
  tell(options, "C " + number_text(c) + ", all rows");
  std::vector<std::size_t> all(data.rows.rows);
  std::iota(all.begin(), all.end(), std::size_t{0});
  LogisticOptions how;
  how.c = c;
  how.threads = options.threads;
  how.stop = options.stop;
  LogisticModel model = fit_logistic(data.labelled(), all, how);
  teaching.file.c = c;
  teaching.file.weights = std::move(model.weights);
  teaching.file.bias = std::move(model.bias);
}

/// Rows spread evenly over all of them.
std::vector<std::size_t> spread(std::size_t all, std::size_t most) {
  const std::size_t count = std::min(all, most);
  std::vector<std::size_t> rows(count);
  for (std::size_t i = 0; i < count; ++i) rows[i] = i * all / count;
  return rows;
}

/// The neighbours of each row among the rows of other recordings.
std::vector<std::vector<Neighbour>> neighbours_of(const TeachingData& data,
                                                  std::span<const std::size_t> rows,
                                                  std::size_t count, const TeachOptions& options) {
  std::vector<std::vector<Neighbour>> found(rows.size());
  parallel_for(rows.size(), options.threads, [&](std::size_t i) {
    if (is_stopped(options)) return;
    std::vector<float> cosines(data.rows.rows);
    multiply_transposed(data.rows.view().slice(rows[i], 1), data.rows, cosines);
    found[i] = nearest(cosines, count, data.row_recordings, data.row_recordings[rows[i]]);
  });
  return found;
}

Trial try_neighbours(const TeachingData& data, std::span<const std::size_t> rows,
                     std::span<const std::vector<Neighbour>> found, std::size_t count) {
  Matrix shares(rows.size(), data.classes.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t own = std::min(count, found[i].size());
    std::ranges::copy(vote(std::span(found[i]).first(own), data.row_classes, data.classes.size()),
                      shares.row(i).begin());
  }
  return judge(shares, rows, data.labelled());
}

void teach_nearest(const TeachingData& data, const TeachOptions& options, Teaching& teaching) {
  const std::vector<std::size_t> rows = spread(data.rows.rows, kTrialRows);
  std::vector<std::size_t> counts(kNeighbours.begin(), kNeighbours.end());
  if (options.neighbours) counts = {*options.neighbours};
  tell(options, "nearest neighbours");
  const auto found = neighbours_of(data, rows, counts.back(), options);
  const bool can_judge = std::ranges::any_of(teaching.file.examples, [](auto n) { return n > 1; });
  Trial best;
  teaching.file.neighbours = counts[0];
  for (const std::size_t count : counts) {
    if (!can_judge || is_stopped(options)) break;
    Trial trial = try_neighbours(data, rows, found, count);
    if (!best.per_class.empty() && !(trial.accuracy > best.accuracy)) continue;
    best = std::move(trial);
    teaching.file.neighbours = count;
  }
  keep_figures(best, teaching);
  teaching.file.rows = data.rows;
  teaching.file.row_classes = data.row_classes;
}

/// Whether most classes have too few recordings for weights of their own.
bool is_few(std::vector<std::uint64_t> counts) {
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
  std::ranges::nth_element(counts, middle);
  return *middle < kFewExamples;
}

}  // namespace

Teaching teach(const TeachingData& data, const TeachOptions& options) {
  Teaching teaching;
  teaching.file.header = data.header;
  teaching.file.exclusive = data.choice == ClassChoice::one;
  teaching.file.classes = data.classes;
  teaching.file.examples = count_examples(data);
  const bool nearest = options.method == TeachMethod::nearest ||
                       (options.method == TeachMethod::automatic && is_few(teaching.file.examples));
  nearest ? teach_nearest(data, options, teaching) : teach_logistic(data, options, teaching);
  teaching.interrupted = is_stopped(options);
  return teaching;
}

}  // namespace claptools
