#include "claptools/tasks/phrases.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/tasks/lines.hpp"

namespace claptools {

Phrases Phrases::read(std::istream& in, std::string_view subject) {
  Phrases phrases;
  std::unordered_map<std::string, std::size_t> index;
  std::unordered_set<std::string> items;
  visit_lines(
      in, subject, FirstField::file,
      [&](std::vector<std::string> fields, const std::string& where) {
        const bool fits = fields.size() == 2 || fields.size() == 3;
        if (!fits || std::ranges::any_of(fields, &std::string::empty)) {
          throw Error(Fault::data, subject, where + "is not filename, tab, phrase (tab, item)");
        }
        std::string item = fields.size() == 3 ? fields[2] : "";
        phrases.has_items_ = phrases.has_items_ && !item.empty();
        if (!item.empty() && !items.insert(item).second) {
          throw Error(Fault::data, subject, where + "item '" + item + "' occurs twice");
        }
        const auto [found, is_new] = index.emplace(fields[1], phrases.texts_.size());
        if (is_new) phrases.texts_.push_back(fields[1]);
        auto& own = phrases.of_file_[fields[0]];
        const bool again = std::ranges::any_of(own, [&, text = found->second](const Phrase& other) {
          return other.text == text && (item.empty() || other.item.empty());
        });
        if (again) {
          throw Error(Fault::data, subject, where + "'" + fields[0] + "' has this phrase already");
        }
        own.push_back({found->second, std::move(item)});
      });
  if (phrases.texts_.empty()) throw Error(Fault::data, subject, "no phrases");
  return phrases;
}

std::span<const Phrase> Phrases::of(const std::string& id) const {
  const std::string base = id.substr(id.rfind('/') + 1);
  for (const std::string& name : {id, escape_tsv(id), base, escape_tsv(base)}) {
    if (const auto found = of_file_.find(name); found != of_file_.end()) return found->second;
  }
  return {};
}

}  // namespace claptools
