#include "claptools/learn/teaching_labels.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/metrics/label_list.hpp"
#include "claptools/metrics/lookup.hpp"

namespace claptools {
namespace {

constexpr std::size_t kMaxClasses = 100'000;

std::size_t require_id(const Table& table, const std::string& file) {
  for (const char* name : {"id", "clip_id", "filename"})
    if (const auto column = table.find(name)) return *column;
  return table.require("id", file);
}

/// What a line says.
struct Line {
  const std::string& id;
  std::vector<std::string> labels;
  std::string fold, where;
};

/// Calls visit(Line) for each row.
template <class Visit>
void visit_rows(const Table& table, const std::string& file, std::string_view fold_column,
                const Visit& visit) {
  const auto list = table.find("event_labels");
  const std::size_t id = require_id(table, file);
  const std::size_t label = list ? *list : table.require("label", file);
  const auto fold = table.find(fold_column);
  const LabelList parts(
      {}, [](std::string_view) { return true; }, ',');
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    Line line{row[id], {}, fold ? row[*fold] : "", "line " + std::to_string(table.lines[i]) + ": "};
    if (line.id.empty()) throw Error(Fault::data, file, line.where + "has no id");
    if (list) {
      line.labels = parts.split(row[label], file);
    } else if (!row[label].empty()) {
      line.labels = {row[label]};
    }
    visit(std::move(line));
  }
}

/// Ids and names of classes as they come.
class Collector {
 public:
  explicit Collector(TeachingLabels& labels) : labels_(labels) {}

  void add(Line line) {
    const auto [at, is_new] = index_.try_emplace(line.id, labels_.ids.size());
    if (is_new) {
      labels_.ids.push_back(line.id);
      labels_.folds.push_back(line.fold);
      names_.emplace_back();
    } else if (labels_.folds[at->second] != line.fold) {
      throw Error(Fault::data, labels_.file, line.where + quote_name(line.id) + " is in two folds");
    }
    for (std::string& label : line.labels)
      if (!names_[at->second].insert(std::move(label)).second) ++repeated_;
  }

  /// Turns names into classes.
  void finish(const Log& log) {
    std::set<std::string> all;
    for (const auto& names : names_) all.insert(names.begin(), names.end());
    labels_.classes.assign(all.begin(), all.end());
    if (all.empty() || all.size() > kMaxClasses)
      throw Error(Fault::data, labels_.file,
                  all.empty() ? "no labels"
                              : std::to_string(all.size()) + " different labels, of at most " +
                                    std::to_string(kMaxClasses));
    for (const auto& names : names_) {
      auto& own = labels_.ids_classes.emplace_back();
      for (const std::string& name : names)
        own.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(labels_.classes, name) -
                                                 labels_.classes.begin()));
      if (own.size() != 1) labels_.choice = ClassChoice::any;
    }
    if (repeated_ > 0)
      report(log, LogLevel::warning,
             labels_.file + ": has " + std::to_string(repeated_) +
                 " labels of a recording twice; they count once");
  }

 private:
  TeachingLabels& labels_;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<std::set<std::string>> names_;  // [ids]
  std::size_t repeated_ = 0;
};

}  // namespace

TeachingLabels read_teaching_labels(const std::string& path, const Log& log,
                                    std::string_view fold_column) {
  const Table table = read_table_file(path);
  TeachingLabels labels;
  labels.file = path == "-" ? "standard input" : path;
  Collector collector(labels);
  visit_rows(table, labels.file, fold_column, [&](Line line) { collector.add(std::move(line)); });
  collector.finish(log);
  if (table.find("event_labels")) labels.choice = ClassChoice::any;
  if (!table.find(fold_column)) labels.folds.clear();
  return labels;
}

}  // namespace claptools
