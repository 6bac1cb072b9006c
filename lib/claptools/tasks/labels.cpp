#include "claptools/tasks/labels.hpp"

#include <algorithm>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/tasks/lines.hpp"

namespace claptools {

Labels Labels::read(std::istream& in, std::string_view subject) {
  Labels labels;
  std::vector<std::string> places;
  const std::string second = visit_labelled(
      in, subject, {"prompt", "name"},
      [&](std::vector<std::string> fields, const std::string& where) {
        const std::string& name = fields[0];
        if (name.empty()) throw Error(Fault::data, subject, where + "no label before the tab");
        if (fields.size() > 2) {
          throw Error(Fault::data, subject, where + "more than a label and a prompt");
        }
        const auto [seen, is_new] = labels.index_.emplace(name, labels.size());
        if (!is_new) {
          throw Error(Fault::data, subject,
                      where + "label '" + name + "' occurs already in " + places[seen->second]);
        }
        places.push_back(where.substr(0, where.find(':')));
        labels.names_.push_back(name);
        labels.own_prompts_.emplace_back();
        if (fields.size() == 2 && !fields[1].empty())
          labels.own_prompts_.back().push_back(fields[1]);
      });
  if (labels.names_.empty()) throw Error(Fault::data, subject, "no labels");
  if (second == "name") labels.take_names();
  return labels;
}

/// What was read as prompts are names.
void Labels::take_names() {
  for (auto& prompts : own_prompts_) {
    spoken_.push_back(prompts.empty() ? "" : std::move(prompts[0]));
    prompts.clear();
  }
}

Labels Labels::read_prompts(std::istream& in, std::string_view subject) {
  Labels labels;
  visit_labelled(in, subject, {"prompt"},
                 [&](std::vector<std::string> fields, const std::string& where) {
                   if (fields.size() != 2 || fields[0].empty() || fields[1].empty()) {
                     throw Error(Fault::data, subject, where + "is not label, tab, prompt");
                   }
                   const auto [found, is_new] = labels.index_.emplace(fields[0], labels.size());
                   if (is_new) {
                     labels.names_.push_back(fields[0]);
                     labels.own_prompts_.emplace_back();
                   }
                   auto& prompts = labels.own_prompts_[found->second];
                   if (std::ranges::count(prompts, fields[1]) > 0) {
                     throw Error(Fault::data, subject,
                                 where + "label '" + fields[0] + "' has this prompt already");
                   }
                   prompts.push_back(std::move(fields[1]));
                 });
  if (labels.names_.empty()) throw Error(Fault::data, subject, "no labels");
  return labels;
}

void Labels::take_prompts(const Labels& others, std::string_view subject) {
  for (std::size_t i = 0; i < others.size(); ++i) {
    const auto found = index_.find(others.names_[i]);
    if (found == index_.end()) {
      throw Error(Fault::data, subject, "'" + others.names_[i] + "' is not one of the labels");
    }
    own_prompts_[found->second] = others.own_prompts_[i];
  }
}

std::vector<std::vector<std::string>> Labels::prompts(std::span<const std::string> patterns) const {
  std::vector<std::vector<std::string>> prompts = own_prompts_;
  for (const std::string& pattern : patterns) {
    for (std::size_t i = 0; i < size(); ++i) {
      const bool is_named = !spoken_.empty() && !spoken_[i].empty();
      std::string text = fill_pattern(pattern, is_named ? spoken_[i] : names_[i]);
      if (own_prompts_[i].empty()) prompts[i].push_back(std::move(text));
    }
  }
  return prompts;
}

std::string fill_pattern(std::string_view pattern, std::string_view label) {
  if (pattern.find("{}") == pattern.npos) {
    throw Error(Fault::usage, pattern, "a prompt needs {} where the label goes");
  }
  if (pattern.find('\n') != pattern.npos) {
    throw Error(Fault::usage, pattern, "a prompt is one line");
  }
  std::string text(pattern);
  for (auto at = text.find("{}"); at != text.npos; at = text.find("{}", at + label.size())) {
    text.replace(at, 2, label);
  }
  return text;
}

}  // namespace claptools
