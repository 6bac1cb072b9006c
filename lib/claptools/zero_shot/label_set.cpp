#include "claptools/zero_shot/label_set.hpp"

#include <set>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/pipeline/embed_texts.hpp"
#include "claptools/tasks/labels.hpp"
#include "claptools/tasks/prompts.hpp"
#include "claptools/tasks/thresholds.hpp"

namespace claptools {
namespace {

/// Calls read(stream, subject) on a file or standard input.
template <typename Read>
auto read_file(const std::string& path, const Read& read) {
  InputStream in(path);
  return read(in, in.subject());
}

void check(const LabelSources& sources) {
  const bool labels = !sources.labels.empty() || !sources.prompts.empty();
  if (labels && !sources.phrases.empty()) {
    throw Error(Fault::usage, "`phrases`", "cannot go with `labels` or `prompts`");
  }
  if (!labels && sources.phrases.empty()) {
    throw Error(Fault::usage, "no labels", "give `labels`, `prompts` or `phrases`");
  }
}

Labels read_labels(const LabelSources& sources) {
  if (sources.prompts.empty()) return read_file(sources.labels, Labels::read);
  Labels prompts = read_file(sources.prompts, Labels::read_prompts);
  if (sources.labels.empty()) return prompts;
  Labels labels = read_file(sources.labels, Labels::read);
  labels.take_prompts(prompts, sources.prompts);
  return labels;
}

LabelSet label_set(const LabelSources& sources, double threshold) {
  const bool as_they_are = !sources.phrases.empty();
  std::vector<std::string> patterns = sources.patterns;
  if (patterns.empty()) patterns = {as_they_are ? "{}" : kDefaultPattern};
  if (as_they_are) {
    Phrases phrases = read_file(sources.phrases, Phrases::read);
    LabelSet set = make_label_set(phrases.texts(), std::move(patterns), threshold);
    set.phrases = std::move(phrases);
    return set;
  }
  const Labels labels = read_labels(sources);
  auto prompts = labels.prompts(patterns);
  return {labels.names(), std::move(prompts), std::vector(labels.size(), threshold),
          std::move(patterns), std::nullopt};
}

void take_thresholds(const std::string& file, double otherwise, LabelSet& set) {
  if (file.empty()) return;
  set.thresholds = read_file(file, [&](std::istream& in, const std::string& subject) {
    return read_thresholds(in, subject, set.names, otherwise);
  });
}

}  // namespace

LabelSet make_label_set(std::vector<std::string> names, std::vector<std::string> patterns,
                        double threshold) {
  LabelSet set;
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second) throw Error(Fault::data, name, "duplicate label");
    auto& prompts = set.prompts.emplace_back();
    for (const std::string& pattern : patterns) prompts.push_back(fill_pattern(pattern, name));
  }
  set.thresholds.assign(names.size(), threshold);
  set.names = std::move(names);
  set.patterns = std::move(patterns);
  return set;
}

LabelSet read_label_set(const LabelSources& sources, double threshold) {
  check(sources);
  LabelSet set = label_set(sources, threshold);
  take_thresholds(sources.thresholds, threshold, set);
  return set;
}

void take_boxes(const std::string& file, const CsebbsParameters& otherwise, LabelSet& set) {
  set.boxes.assign(set.names.size(), otherwise);
  if (file.empty()) return;
  set.boxes = read_file(file, [&](std::istream& in, const std::string& subject) {
    return read_csebbs_parameters(in, subject, set.names, otherwise);
  });
}

std::vector<std::string> read_background(const std::string& path) {
  return read_file(path, [](std::istream& in, const std::string& subject) {
    LineReader lines(in, subject);
    std::vector<std::string> texts;
    for (std::string line; lines.next_text(line);)
      if (line.find_first_not_of(" \t\r") != line.npos) texts.push_back(line);
    if (texts.empty()) throw Error(Fault::data, subject, "no texts");
    return texts;
  });
}

LabelSet label_set_of(const Classifier& classifier, const std::string& thresholds,
                      double threshold) {
  LabelSet set;
  set.names = classifier.classes();
  set.thresholds.assign(set.names.size(), threshold);
  take_thresholds(thresholds, threshold, set);
  return set;
}

Matrix embed_labels(std::span<const std::vector<std::string>> prompts, const Model& model,
                    int threads) {
  std::vector<std::string> texts;
  for (const auto& own : prompts) texts.insert(texts.end(), own.begin(), own.end());
  return average_prompts(embed_texts(model, texts, threads), prompts);
}

}  // namespace claptools
