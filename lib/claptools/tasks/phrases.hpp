#pragma once

#include <cstddef>
#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace claptools {

/// A phrase to look for in a recording.
struct Phrase {
  std::size_t text = 0;  ///< position among Phrases::texts
  std::string item;      ///< name of this phrase in this recording; may be empty

  bool operator==(const Phrase&) const = default;
};

/// Which phrases are looked for in which recording.
class Phrases {
 public:
  /// Lines "filename<TAB>phrase" or "filename<TAB>phrase<TAB>item"; no header. Blank lines are
  /// skipped, a byte-order mark and carriage returns dropped.
  /// @param subject the file's name, for messages.
  /// @throws Error{data} naming the line for a missing or fourth field, an item that comes twice,
  /// a phrase that its recording has already (unless both are items); for a file without phrases.
  static Phrases read(std::istream& in, std::string_view subject);

  /// All phrases, each once, in the order of the file.
  const std::vector<std::string>& texts() const { return texts_; }

  /// Of the recording with this name, as it is or as our tables escape it; if there is none, of
  /// that whose name is what follows the last slash. May be empty.
  std::span<const Phrase> of(const std::string& id) const;

  /// Whether every line names its item.
  bool has_items() const { return has_items_; }

 private:
  std::vector<std::string> texts_;
  std::unordered_map<std::string, std::vector<Phrase>> of_file_;
  bool has_items_ = true;
};

}  // namespace claptools
