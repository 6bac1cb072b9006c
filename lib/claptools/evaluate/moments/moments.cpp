#include "claptools/evaluate/moments/moments.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "claptools/core/strings/number.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/evaluate/intervals.hpp"
#include "claptools/evaluate/task_parts.hpp"

namespace claptools {
namespace {

constexpr NameKind kPredictedQuery{"query", "queries", "those predicted", false};
constexpr NameKind kTrueQuery{"query", "queries", "those of the truth", false};

bool is_table(const std::string& path) { return path.ends_with(".tsv") || path.ends_with(".csv"); }

double read_cell(const Table& table, std::size_t row, std::size_t column,
                 std::string_view subject) {
  const auto number = parse<double>(table.rows[row][column]);
  if (number && std::isfinite(*number)) return *number;
  throw Error(Fault::data, subject,
              "line " + std::to_string(table.lines[row]) + ": " + table.columns[column] + " " +
                  quote_name(table.rows[row][column]) + " is not a number");
}

/// The events of each recording, which is known without its extension, and label.
using EventMap = std::map<std::pair<std::string, std::string>, std::vector<Moment>>;

EventMap read_event_table(const std::string& path) {
  const Table table = read_table_file(path);
  const std::size_t file = table.require("filename", path);
  const std::size_t onset = table.require("onset", path);
  const std::size_t offset = table.require("offset", path);
  const std::size_t label = table.require("event_label", path);
  const std::size_t score = table.require("score", path);
  EventMap events;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    if (row[label].empty()) continue;  // a file without events
    const std::string name(NameMatching{.basenames = true, .stems = true}.reduced(row[file]));
    events[{name, row[label]}].push_back({read_cell(table, i, onset, path),
                                          read_cell(table, i, offset, path),
                                          read_cell(table, i, score, path)});
  }
  for (auto& [key, moments] : events)
    std::ranges::stable_sort(moments, std::greater<>{}, &Moment::score);
  return events;
}

/// Of each query of the truth; one without events has none.
std::vector<MomentLine> from_events(const std::string& path, std::span<const MomentLine> truth) {
  const EventMap events = read_event_table(path);
  std::vector<MomentLine> predictions;
  std::size_t used = 0;
  for (const MomentLine& line : truth) {
    const NameMatching bare{.basenames = true, .stems = true};
    auto found = events.find({line.vid, line.query});
    if (found == events.end())
      found = events.find({std::string(bare.reduced(line.vid)), line.query});
    MomentLine& own = predictions.emplace_back(line);
    own.moments = found == events.end() ? std::vector<Moment>() : found->second;
    used += found == events.end() ? 0 : 1;
  }
  if (used == 0 && !events.empty()) {
    const auto& [name, label] = events.begin()->first;
    throw Error(Fault::data, path,
                "no event is of a query's 'vid' and 'query'; one is of " + quote_name(name) +
                    " and " + quote_name(label));
  }
  return predictions;
}

std::vector<MomentLine> read_predictions(const MomentsTask& task,
                                         std::span<const MomentLine> truth) {
  return is_table(task.predictions)
             ? from_events(task.predictions, truth)
             : read_moments(task.predictions, MomentKind::pred_relevant_windows);
}

std::vector<std::string> ids_of(std::span<const MomentLine> lines) {
  std::vector<std::string> ids;
  for (const MomentLine& line : lines) ids.push_back(line.qid);
  return ids;
}

/// A prediction for a query that the truth lacks is refused.
void check_known(std::span<const std::string> predicted, std::span<const std::string> known,
                 const MomentsTask& task) {
  const Lookup lookup(known, task.truth, kTrueQuery);
  std::vector<std::string> absent;
  for (const std::string& id : predicted) {
    if (!lookup.find(id)) absent.push_back(id);
  }
  if (!absent.empty())
    throw Error(Fault::data, task.predictions, lookup.describe(absent, predicted.size()));
}

}  // namespace

Evaluation evaluate(const MomentsTask& task) {
  const auto truth = read_moments(task.truth, MomentKind::relevant_windows);
  const auto predictions = read_predictions(task, truth);
  const auto predicted = ids_of(predictions);
  check_known(predicted, ids_of(truth), task);
  ClipMatcher matcher(predicted, match_options(task.options, {}), kPredictedQuery,
                      task.predictions);
  std::vector<MomentQuery> queries;
  std::string lines;
  for (const MomentLine& line : truth) {
    const auto at = matcher.find(line.qid);
    if (!at) continue;
    const auto& found = predictions[*at].moments;
    lines += prediction_line({line.qid, line.query, line.vid, found});
    if (!line.moments.empty()) queries.push_back({line.moments, found});
  }
  matcher.settle(task.truth);
  const MomentScores scores = about(task.truth, [&] { return score_moments(queries); });
  Evaluation evaluation{to_metrics(scores), {}, {}, matcher.missing()};
  evaluation.predictions = std::move(lines);
  const auto resampled = [&](auto drawn) { return mean_metrics(scores, drawn); };
  add_intervals(evaluation.values, queries.size(), resampled, task.options);
  count_missing(evaluation);
  return evaluation;
}

std::vector<std::string> metric_names(const MomentsTask& /*task*/) {
  return with_missing(moment_metrics());
}

}  // namespace claptools
