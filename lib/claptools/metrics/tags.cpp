#include <algorithm>

#include "claptools/core/error.hpp"
#include "claptools/metrics/label_list.hpp"
#include "claptools/metrics/sed/class_matcher.hpp"
#include "claptools/metrics/tagging.hpp"

namespace claptools {

TaggingTruth match_tags(const Table& table, std::string_view subject, ClipMatcher& clips,
                        std::span<const std::string> classes, char separator) {
  const std::size_t filename = table.require("filename", subject);
  const std::size_t labels = table.require("event_labels", subject);
  ClassMatcher class_index(classes);
  const LabelList list(
      classes, [&](std::string_view label) { return class_index.peek(label).has_value(); },
      separator);
  TaggingTruth truth(clips.ids().size());
  std::vector<bool> is_known(truth.size());
  for (const auto& row : table.rows) {
    const auto clip = clips.find(row[filename]);
    if (!clip) continue;
    const auto refuse = [&](const std::string& reason) {
      throw Error(Fault::data, subject, "clip '" + row[filename] + "' " + reason);
    };
    if (is_known[*clip]) refuse("occurs twice");
    is_known[*clip] = true;
    auto& own = truth[*clip];
    for (const std::string& label : list.split(row[labels], subject)) {
      if (const auto c = class_index.find(label)) own.push_back(*c);
    }
    std::ranges::sort(own);
    if (std::ranges::adjacent_find(own) != own.end()) refuse("has a tag twice");
  }
  clips.settle(subject);
  class_index.settle(subject);
  const auto missing = std::ranges::find(is_known, false);
  if (missing != is_known.end()) {
    const auto& name = clips.ids()[static_cast<std::size_t>(missing - is_known.begin())];
    throw Error(Fault::data, subject, "no row for clip '" + name + "'");
  }
  return truth;
}

}  // namespace claptools
