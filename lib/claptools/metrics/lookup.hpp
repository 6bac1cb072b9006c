#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace claptools {

/// How names of files are compared, besides as they are spelled.
struct NameMatching {
  bool basenames = false;  ///< by what follows the last slash
  bool stems = false;      ///< without their last extension

  std::string_view reduced(std::string_view name) const;
};

/// What names denote, for messages.
struct NameKind {
  const char* one;    ///< "clip"
  const char* many;   ///< "clips"
  const char* known;  ///< where they should be: "those scored"
  bool is_file;
};

inline constexpr NameKind kScoredClip{"clip", "clips", "those scored", true};
inline constexpr NameKind kScoredClass{"class", "classes", "those scored", false};

/// Positions of names that must be unique: what joins the rows of a table to what was scored.
///
/// A name in a table stands for the name that is spelled like it or, because the tables of these
/// tools have "\\" for a backslash and "\t" for a tab, for the one that it is escaped from; the
/// names looked up in may come from such a table, too. A table in which these readings name two
/// different ones is refused.
class Lookup {
 public:
  /// @param names   must outlive this object.
  /// @param subject the names' file, for messages.
  /// @throws Error{data} for a name that occurs twice, or two that `how` takes for the same.
  Lookup(std::span<const std::string> names, std::string_view subject, const NameKind& kind,
         NameMatching how = {});

  /// @throws Error{data} for a name that may stand for two.
  std::optional<std::size_t> find(std::string_view name) const;

  /// The same for a file's name: if there is none of that name, the one without its last extension
  /// ("Y0001_30.000.wav" is "Y0001_30.000"), then the only one that has it as its stem ("dog" is
  /// "dog.flac"). @throws Error{data} also for the stem of several.
  std::optional<std::size_t> find_file(std::string_view name) const;

  /// The result of find or find_file, depending on the kind.
  std::optional<std::size_t> find_any(std::string_view name) const {
    return kind_.is_file ? find_file(name) : find(name);
  }

  const NameKind& kind() const { return kind_; }

  /// For a message about names that were not found: "clip 'a' is not among those scored, such as
  /// 'c'", "2 of 9 clips, such as 'a', are not ...", and what would help, such as basenames.
  /// @param absent at least one. @param of_all how many names were looked up.
  std::string describe(std::span<const std::string> absent, std::size_t of_all) const;

 private:
  using Index = std::unordered_map<std::string_view, std::size_t>;

  std::optional<std::size_t> find_in(const Index& index, std::string_view name) const;
  std::optional<std::size_t> find_by_stem(std::string_view name) const;
  std::string hint(std::span<const std::string> absent) const;

  std::span<const std::string> names_;
  std::string subject_;
  NameKind kind_;
  NameMatching how_;
  Index index_;                         // by reduced name
  std::deque<std::string> originals_;   // of the names that look escaped
  Index unescaped_;                     // by these
  mutable std::optional<Index> stems_;  // made for the first name that needs them
};

/// A file's name without its last extension.
std::string_view without_extension(std::string_view filename);

/// A name for a message: quoted, shortened to its end.
std::string quote_name(std::string_view name);

}  // namespace claptools
