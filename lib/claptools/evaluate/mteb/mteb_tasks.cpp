#include "claptools/evaluate/mteb/mteb_tasks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <sstream>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/ascii.hpp"
#include "claptools/core/strings/suggest.hpp"

namespace claptools {
namespace {

struct Row {
  const char* name;
  MtebKind kind;
  const char *revision, *split, *subset, *languages, *main_score;
};

constexpr auto kRows = std::to_array<Row>({
#define CLAPTOOLS_MTEB_TASK(name, kind, ...) {name, MtebKind::kind, __VA_ARGS__},
#include "claptools/evaluate/mteb/mteb_tasks.def"
#undef CLAPTOOLS_MTEB_TASK
});

MtebTask task_of(const Row& row) {
  MtebTask task{row.name, row.kind, row.revision, row.split, row.subset, {}, row.main_score};
  std::istringstream words(row.languages);
  for (std::string word; words >> word;) task.languages.push_back(word);
  return task;
}

std::string_view evaluation_of(MtebKind kind) {
  if (kind == MtebKind::zero_shot) return "classification";
  return kind == MtebKind::multilabel ? "tagging" : "retrieval";
}

MtebTask unknown_task(const std::string& name, std::string_view evaluation) {
  MtebTask task{name, MtebKind::text_to_audio, {}, {}, "default", {"eng-Latn"}, "hit_rate_at_5"};
  if (name.find("A2T") != name.npos) task.kind = MtebKind::audio_to_text;
  if (evaluation == "classification") task.kind = MtebKind::zero_shot, task.main_score = "accuracy";
  if (evaluation == "tagging") task.kind = MtebKind::multilabel, task.main_score = "lrap";
  return task;
}

/// The name with the fewest typing errors, else the first one that the word is a part of.
std::string nearest_name(const std::string& word, std::span<const std::string> names) {
  const std::string nearest = nearest_word(word, names);
  if (!nearest.empty() || word.empty()) return nearest;
  const auto has_word = [&, small = ascii_lower(word)](const std::string& name) {
    return ascii_lower(name).find(small) != name.npos;
  };
  const auto found = std::ranges::find_if(names, has_word);
  return found == names.end() ? "" : *found;
}

[[noreturn]] void refuse_unknown(const std::string& name, std::string_view evaluation) {
  std::vector<std::string> names;
  for (const Row& row : kRows) {
    if (evaluation_of(row.kind) == evaluation) names.emplace_back(row.name);
  }
  const std::string nearest = nearest_name(name, names);
  throw Error(Fault::usage, "`mteb_task`",
              "no task '" + name + "' of " + std::string(evaluation) + " is known" +
                  "; another needs `mteb_revision` and `mteb_split`" +
                  (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

void check_revision(const std::string& revision) {
  const bool is_hex = std::ranges::all_of(
      revision, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (revision.size() == 40 && is_hex) return;
  throw Error(Fault::usage, "`mteb_revision`",
              "is the commit of a data set, 40 hexadecimal digits, not '" + revision + "'");
}

}  // namespace

std::vector<MtebTask> mteb_tasks() {
  std::vector<MtebTask> tasks;
  for (const Row& row : kRows) tasks.push_back(task_of(row));
  return tasks;
}

MtebTask find_mteb_task(const MtebRequest& request, std::string_view evaluation) {
  const auto known =
      std::ranges::find_if(kRows, [&](const Row& r) { return r.name == request.task; });
  const bool is_known = known != kRows.end();
  if (is_known && evaluation_of(known->kind) != evaluation) {
    throw Error(Fault::usage, "`mteb_task`",
                "'" + request.task + "' is a task of " + std::string(evaluation_of(known->kind)));
  }
  if (!is_known && (request.revision.empty() || request.split.empty()))
    refuse_unknown(request.task, evaluation);
  MtebTask task = is_known ? task_of(*known) : unknown_task(request.task, evaluation);
  if (!request.revision.empty()) task.revision = request.revision;
  if (!request.split.empty()) task.split = request.split;
  check_revision(task.revision);
  return task;
}

MetricValues mteb_scores(const MtebTask& task, const Evaluation& evaluation) {
  const auto main = std::ranges::find(evaluation.mteb, task.main_score, &MetricValue::metric);
  if (main == evaluation.mteb.end() || !std::isfinite(main->value))
    throw Error(Fault::data, task.name, "its main score " + task.main_score + " is not defined");
  MetricValues values{{"main_score", "", main->value}};
  values.insert(values.end(), evaluation.mteb.begin(), evaluation.mteb.end());
  return values;
}

}  // namespace claptools
