#include "cmd/classify/label_set.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/pipeline/embed_texts.hpp"
#include "claptools/tasks/labels.hpp"
#include "claptools/tasks/prompts.hpp"
#include "claptools/tasks/thresholds.hpp"

namespace claptools::cmd {
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
    throw Error(Fault::usage, "--phrases", "cannot go with --labels or --prompts");
  }
  if (!labels && sources.phrases.empty()) {
    throw Error(Fault::usage, "no labels", "give --labels, --prompts or --phrases");
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

void take_phrases(const std::string& path, LabelSet& set) {
  set.phrases = read_file(path, Phrases::read);
  set.names = set.phrases->texts();
  if (set.patterns.empty()) set.patterns = {"{}"};
  for (const std::string& name : set.names) {
    auto& prompts = set.prompts.emplace_back();
    for (const std::string& pattern : set.patterns) {
      prompts.push_back(fill_pattern(pattern, name));
    }
  }
}

}  // namespace

void add_label_sources(CLI::App& app, LabelSources& sources) {
  const auto add = [&](const char* name, std::string& path, const char* text) {
    app.add_option(name, path, text)->type_name("FILE");
  };
  add("--labels", sources.labels, "one label per line, or label<TAB>prompt");
  app.add_option("--prompt", sources.patterns, "pattern of all other prompts ('{} can be heard')")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  add("--prompts", sources.prompts, "label<TAB>prompt lines, averaged per label");
  add("--phrases", sources.phrases, "filename<TAB>phrase lines, instead of labels");
  add("--thresholds", sources.thresholds, "label<TAB>threshold lines");
}

LabelSet read_label_set(const LabelSources& sources, double threshold) {
  check(sources);
  LabelSet set;
  set.patterns = sources.patterns;
  if (!sources.phrases.empty()) {
    take_phrases(sources.phrases, set);
  } else {
    if (set.patterns.empty()) set.patterns = {"{} can be heard"};
    const Labels labels = read_labels(sources);
    set.names = labels.names();
    set.prompts = labels.prompts(set.patterns);
  }
  set.thresholds.assign(set.names.size(), threshold);
  if (sources.thresholds.empty()) return set;
  set.thresholds = read_file(sources.thresholds, [&](std::istream& in, const std::string& subject) {
    return read_thresholds(in, subject, set.names, threshold);
  });
  return set;
}

Matrix embed_labels(const LabelSet& set, const Model& model, int threads) {
  std::vector<std::string> prompts;
  for (const auto& own : set.prompts) prompts.insert(prompts.end(), own.begin(), own.end());
  return average_prompts(embed_texts(model, prompts, threads), set.prompts);
}

LabelPicker::LabelPicker(const LabelSet& set, Matrix prompts, const Messages& messages)
    : set_(set), messages_(messages), prompts_(std::move(prompts)) {
  if (set.phrases) return;
  std::vector<Phrase> all(set.names.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i].text = i;
  own_ = gather(all);
}

const ClipLabels& LabelPicker::of(const std::string& id) {
  if (!set_.phrases || (id == id_ && !own_.names.empty())) return own_;
  const bool is_new = std::exchange(id_, id) != id;
  own_ = gather(set_.phrases->of(id));
  if (own_.names.empty() && is_new) messages_.warn(id + ": has no phrases");
  return own_;
}

ClipLabels LabelPicker::gather(std::span<const Phrase> phrases) const {
  ClipLabels own;
  own.prompts = Matrix(phrases.size(), prompts_.cols);
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    const auto& [text, item] = phrases[i];
    own.index.push_back(text);
    own.names.push_back(set_.names[text]);
    own.thresholds.push_back(set_.thresholds[text]);
    own.items.push_back(item);
    std::ranges::copy(prompts_.row(text), own.prompts.row(i).begin());
  }
  return own;
}

}  // namespace claptools::cmd
