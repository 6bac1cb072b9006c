#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace claptools {

/// Limits for a JSON text, checked before a tree is built of it. A tree takes up to thirty times
/// the memory of its text, is built level by level, and looks up keys one by one where their order
/// is kept.
struct JsonLimits {
  std::size_t depth = 64;          ///< lists and objects inside each other
  std::size_t values = 1'000'000;  ///< keys and values in all
  std::size_t keys = 10'000;       ///< of one object
};

/// Why a text is not one JSON value within the limits, in words that name its line and byte;
/// nothing if it is. A key that occurs twice in an object is a fault: parsers keep either of the
/// two. Takes memory for the longest string and the keys of the open objects only.
std::optional<std::string> find_json_fault(std::string_view text, const JsonLimits& limits = {});

/// The same as an error: every JSON text from outside passes here before it is parsed.
/// @throws Error{data} naming `subject`.
void check_json(std::string_view text, std::string_view subject, const JsonLimits& limits = {});

/// A whole file of JSON, checked.
/// @throws Error{no_input} if it cannot be opened, {io} if reading fails, {data} if it is a folder,
/// is larger than `max_bytes` or does not pass check_json().
std::string read_json_file(const std::filesystem::path& path, std::size_t max_bytes = 16 << 20,
                           const JsonLimits& limits = {});

/// The text of a JSON string as it is written in a checked text, quotes included.
std::string json_string(std::string_view checked);

/// A text as a JSON string, quotes included, without control characters; what is not UTF-8 becomes
/// U+FFFD.
std::string quote_json(std::string_view text);

/// The members of a list or an object, one after another, as parts of its text: millions of them
/// need the memory of one.
class JsonMembers {
 public:
  struct Member {
    std::string_view key;  ///< as it is written, with its quotes; empty in a list
    std::string_view value;
  };

  /// @param checked text of a list or an object that passed check_json().
  explicit JsonMembers(std::string_view checked);

  std::optional<Member> next();

 private:
  std::string_view take_value();
  void skip(std::string_view characters);

  std::string_view rest_;
  bool is_object_ = false;
};

}  // namespace claptools
