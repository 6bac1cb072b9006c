#pragma once

#include <cstddef>
#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace claptools {

/// The classes of a zero-shot task, in the order of their file. `subject` is that file's name, for
/// messages. Blank lines are skipped, a byte-order mark and carriage returns dropped.
class Labels {
 public:
  /// One label per line, or "label<TAB>prompt" with the prompt to use for that label. A first line
  /// "label<TAB>prompt" or "label,prompt" is a header, of a table with tabs or commas; with the
  /// column `name` instead of `prompt`, that stands in prompts instead of the label.
  /// @throws Error{data} naming the line for a duplicate or missing label or a third field; for a
  /// file without labels.
  static Labels read(std::istream& in, std::string_view subject);

  /// "label<TAB>prompt" on every line, any number of lines per label; perhaps after a header.
  /// @throws Error{data} naming the line for a missing label or prompt, a third field, a prompt
  /// that its label has already; for a file without labels.
  static Labels read_prompts(std::istream& in, std::string_view subject);

  /// Labels that `others` has take their prompts from there.
  /// @throws Error{data} for a label of `others` that is not one of these.
  void take_prompts(const Labels& others, std::string_view subject);

  std::size_t size() const { return names_.size(); }
  const std::vector<std::string>& names() const { return names_; }

  /// What the text encoder gets, one or more prompts per label: the label's own, else every pattern
  /// with each "{}" replaced by the label, or by its name.
  /// @throws Error{usage} if a pattern has no "{}", or a line break, which parts prompts where they
  /// are stored.
  std::vector<std::vector<std::string>> prompts(std::span<const std::string> patterns) const;

 private:
  void take_names();

  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> own_prompts_;  ///< [labels], empty: by the pattern
  std::vector<std::string> spoken_;  ///< [labels], empty: as the label is; or none at all
  std::unordered_map<std::string, std::size_t> index_;
};

/// `pattern` with each "{}" replaced by the label. @throws as Labels::prompts.
std::string fill_pattern(std::string_view pattern, std::string_view label);

}  // namespace claptools
