#include "claptools/core/strings/json.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/escape.hpp"

namespace claptools {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kAfterValue = " \t\r\n,:]}";

/// Takes what the parser reads, and keeps nothing but the keys of open objects.
class Inspector {
 public:
  explicit Inspector(const JsonLimits& limits) : limits_(limits) {}

  const std::string& fault() const { return fault_; }
  bool is_syntax() const { return is_syntax_; }
  std::size_t position() const { return position_; }

  bool null() { return count(); }
  bool boolean(bool) { return count(); }
  bool number_integer(Json::number_integer_t) { return count(); }
  bool number_unsigned(Json::number_unsigned_t) { return count(); }
  bool number_float(Json::number_float_t, const std::string&) { return count(); }
  bool string(const std::string&) { return count(); }
  bool binary(const Json::binary_t&) { return count(); }

  bool start_object(std::size_t) { return open(); }
  bool start_array(std::size_t) { return open(); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(const std::string& key) {
    std::set<std::string>& keys = open_.back();
    if (!keys.insert(key).second) return refuse("key '" + shorten(key) + "' occurs twice");
    if (keys.size() > limits_.keys)
      return refuse("an object of more than " + std::to_string(limits_.keys) + " keys");
    return count();
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception& error) {
    position_ = position;
    is_syntax_ = true;
    const bool is_number = dynamic_cast<const Json::out_of_range*>(&error) != nullptr;
    return refuse(is_number ? "a number in it is too large" : "not valid JSON");
  }

 private:
  bool refuse(std::string fault) {
    fault_ = std::move(fault);
    return false;
  }

  bool count() {
    if (++values_ <= limits_.values) return true;
    return refuse("JSON of more than " + std::to_string(limits_.values) + " values");
  }

  bool open() {
    open_.emplace_back();
    if (open_.size() > limits_.depth)
      return refuse("JSON that nests deeper than " + std::to_string(limits_.depth) + " levels");
    return count();
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  JsonLimits limits_;
  std::vector<std::set<std::string>> open_;  // of a list: empty
  std::size_t values_ = 0, position_ = 0;
  std::string fault_;
  bool is_syntax_ = false;
};

std::string place_in(std::string_view text, std::size_t position) {
  const std::string byte = "byte " + std::to_string(position) + ")";
  if (text.find('\n') == text.npos) return " (" + byte;  // the caller knows of which line
  const std::string_view before = text.substr(0, std::min(position, text.size()));
  return " (line " + std::to_string(1 + std::ranges::count(before, '\n')) + ", " + byte;
}

/// Bytes of the string at the beginning of a checked text, quotes included.
std::size_t string_size(std::string_view text) {
  std::size_t at = 1;
  while (text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at + 1;
}

/// The first bytes of a file or pipe.
std::string read_at_most(const std::filesystem::path& path, std::size_t bytes) {
  InputStream in(path.native());
  std::array<char, 1 << 16> block{};
  std::string text;
  while (text.size() < bytes && !in.eof()) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    text.append(block.data(), static_cast<std::size_t>(in.gcount()));
  }
  return text;
}

}  // namespace

std::optional<std::string> find_json_fault(std::string_view text, const JsonLimits& limits) {
  Inspector inspector(limits);
  if (Json::sax_parse(text.begin(), text.end(), &inspector)) return std::nullopt;
  if (!inspector.is_syntax()) return inspector.fault();
  return inspector.fault() + place_in(text, inspector.position());
}

void check_json(std::string_view text, std::string_view subject, const JsonLimits& limits) {
  if (const auto fault = find_json_fault(text, limits)) throw Error(Fault::data, subject, *fault);
}

std::string read_json_file(const std::filesystem::path& path, std::size_t max_bytes,
                           const JsonLimits& limits) {
  std::string text = read_at_most(path, max_bytes + 1);
  if (text.size() > max_bytes) {
    throw Error(
        Fault::data, path.native(),
        "larger than " + std::to_string(max_bytes >> 20) + " MiB, so it is not such a JSON file");
  }
  check_json(text, path.native(), limits);
  return text;
}

std::string json_string(std::string_view checked) {
  if (checked.find('\\') != checked.npos) return Json::parse(checked).get<std::string>();
  return std::string(checked.substr(1, checked.size() - 2));
}

std::string quote_json(std::string_view text) {
  constexpr auto kReplace = Json::error_handler_t::replace;
  return escape_json(Json(std::string(text)).dump(-1, ' ', false, kReplace));
}

JsonMembers::JsonMembers(std::string_view checked) : rest_(checked) {
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  skip(" \t\r\n");
  is_object_ = rest_.front() == '{';
  rest_.remove_prefix(1);
}

std::optional<JsonMembers::Member> JsonMembers::next() {
  skip(" \t\r\n,");
  if (rest_.front() == ']' || rest_.front() == '}') return std::nullopt;
  Member member;
  if (is_object_) {
    member.key = take_value();
    skip(" \t\r\n:");
  }
  member.value = take_value();
  return member;
}

void JsonMembers::skip(std::string_view characters) {
  rest_.remove_prefix(rest_.find_first_not_of(characters));
}

std::string_view JsonMembers::take_value() {
  std::size_t at = 0, depth = 0;
  while (depth > 0 || kAfterValue.find(rest_[at]) == kAfterValue.npos) {
    const char c = rest_[at];
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    at += c == '"' ? string_size(rest_.substr(at)) : 1;
  }
  const std::string_view value = rest_.substr(0, at);
  rest_.remove_prefix(at);
  return value;
}

}  // namespace claptools
