#include "claptools/text/bpe_tables.hpp"

#include <algorithm>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/core/strings/utf8.hpp"

namespace claptools {
namespace {

using Tokens = std::unordered_map<std::string, std::int64_t>;
using Merges = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kMaxEntries = 1 << 19;
constexpr std::size_t kMaxFile = 16 << 20;  // bytes

[[noreturn]] void fail(std::string_view subject, const std::string& reason) {
  throw Error(Fault::data, subject, reason);
}

std::string in_quotes(std::string_view name) { return "'" + shorten(name) + "'"; }

bool is_printable(unsigned byte) {
  return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

/// The 256 characters in the order of their bytes: printable bytes stand for themselves, the others
/// for U+0100 and on.
const std::array<std::string, 256>& byte_characters() {
  static const auto characters = [] {
    std::array<std::string, 256> made;
    char32_t next = 0x100;
    for (unsigned byte = 0; byte < made.size(); ++byte)
      append_utf8(made[byte], is_printable(byte) ? char32_t{byte} : next++);
    return made;
  }();
  return characters;
}

std::uint64_t pair_key(std::int64_t left, std::int64_t right) {
  return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint64_t>(right);
}

JsonLimits table_limits() { return {.depth = 16, .values = 8 * kMaxEntries, .keys = kMaxEntries}; }

/// The members of what must be an object.
JsonMembers members_of(std::string_view json, std::string_view what, std::string_view subject) {
  const std::size_t begin = json.find_first_not_of(" \t\r\n");
  if (begin == json.npos || json[begin] != '{')
    fail(subject, std::string(what) + " is not a JSON object");
  return JsonMembers(json.substr(begin));
}

/// The value of a key as it is written; empty if there is none.
std::string_view find_member(std::string_view object, std::string_view key, std::string_view what,
                             std::string_view subject) {
  JsonMembers members = members_of(object, what, subject);
  while (const auto member = members.next()) {
    if (member->key.substr(1, member->key.size() - 2) == key) return member->value;
  }
  return {};
}

/// Ids are 0 to the number of tokens less 1.
void check_ids(const Tokens& tokens, std::string_view subject) {
  std::vector<bool> seen(tokens.size());
  for (const auto& [token, id] : tokens) {
    const auto at = static_cast<std::size_t>(id);
    if (at >= seen.size())
      fail(subject, "token " + in_quotes(token) + " has the id " + std::to_string(id) + " among " +
                        std::to_string(seen.size()) + " tokens");
    if (seen[at]) fail(subject, "id " + std::to_string(id) + " occurs twice");
    seen[at] = true;
  }
}

Tokens parse_tokens(std::string_view object, std::string_view subject) {
  Tokens tokens;
  JsonMembers members = members_of(object, "the vocabulary", subject);
  while (const auto member = members.next()) {
    std::uint64_t id = 0;
    std::string token = json_string(member->key);
    if (!read_number(member->value, WholeRange{0, kMaxEntries, ""}, id).empty())
      fail(subject, "token " + in_quotes(token) + " has the id " + in_quotes(member->value));
    tokens.emplace(std::move(token), static_cast<std::int64_t>(id));
  }
  check_ids(tokens, subject);
  return tokens;
}

/// "left right", as a line or a JSON string has it.
std::pair<std::string, std::string> split_merge(std::string_view text, std::size_t number,
                                                std::string_view subject) {
  const std::size_t space = text.find(' ');
  if (space == text.npos || text.find(' ', space + 1) != text.npos)
    fail(subject, "merge " + std::to_string(number) + " (" + in_quotes(text) +
                      ") is not two tokens with a space between them");
  return {std::string(text.substr(0, space)), std::string(text.substr(space + 1))};
}

void check_count(std::size_t merges, std::string_view subject) {
  if (merges >= kMaxEntries) fail(subject, "more than " + std::to_string(kMaxEntries) + " merges");
}

Merges read_merges(const std::filesystem::path& path) {
  InputStream in(path.native());
  LineReader lines(in, in.subject());
  Merges merges;
  for (std::string line; lines.next_text(line);) {
    if (line.empty() || line.starts_with("#version")) continue;
    check_count(merges.size(), in.subject());
    merges.push_back(split_merge(line, merges.size() + 1, in.subject()));
  }
  return merges;
}

/// ["left right", ...] or [["left", "right"], ...].
Merges parse_merges(std::string_view list, std::string_view subject) {
  if (!list.starts_with('[')) fail(subject, "'merges' is not a list");
  Merges merges;
  JsonMembers members(list);
  while (const auto member = members.next()) {
    check_count(merges.size(), subject);
    const std::size_t number = merges.size() + 1;
    if (member->value.starts_with('"')) {
      merges.push_back(split_merge(json_string(member->value), number, subject));
      continue;
    }
    std::vector<std::string> pair;
    if (member->value.starts_with('[')) {
      JsonMembers parts(member->value);
      for (auto part = parts.next(); part && part->value.starts_with('"'); part = parts.next())
        pair.push_back(json_string(part->value));
    }
    if (pair.size() != 2) fail(subject, "merge " + std::to_string(number) + " is not two tokens");
    merges.emplace_back(std::move(pair[0]), std::move(pair[1]));
  }
  return merges;
}

/// What the tokenizer computes, and nothing else.
void check_tokenizer(std::string_view root, std::string_view model, std::string_view subject) {
  const auto require = [&](std::string_view object, const char* key, const char* wanted) {
    const std::string_view value = find_member(object, key, "the tokenizer", subject);
    if (!value.empty() && value != wanted)
      fail(subject,
           std::string("'") + key + "' is " + shorten(value) + ", only " + wanted + " is known");
  };
  require(root, "normalizer", "null");
  require(model, "dropout", "null");
  require(model, "byte_fallback", "false");
  require(model, "ignore_merges", "false");
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    if (find_member(model, key, "'model'", subject) != "null") require(model, key, "\"\"");
  }
  const std::string_view splitter = find_member(root, "pre_tokenizer", "the tokenizer", subject);
  if (splitter.empty()) fail(subject, "'pre_tokenizer' is missing");
  require(splitter, "type", "\"ByteLevel\"");
  require(splitter, "add_prefix_space", "false");
  require(splitter, "use_regex", "true");
}

/// Tokens that are found in texts are those of the options: a file may add no others.
void check_added_tokens(std::string_view root, const Tokens& tokens, std::string_view subject) {
  const std::string_view list = find_member(root, "added_tokens", "the tokenizer", subject);
  if (!list.starts_with('[')) return;
  JsonMembers members(list);
  while (const auto member = members.next()) {
    const std::string_view content = find_member(member->value, "content", "a token", subject);
    if (!content.starts_with('"') || !tokens.contains(json_string(content)))
      fail(subject, "added token " + shorten(content) + " is not in its vocabulary");
  }
}

BpeTables read_tokenizer(const std::filesystem::path& path) {
  const std::string& subject = path.native();
  const std::string text = read_json_file(path, kMaxFile, table_limits());
  const std::string_view model = find_member(text, "model", "the tokenizer", subject);
  if (model.empty()) fail(subject, "'model' is missing, so it is not a tokenizer");
  const std::string_view type = find_member(model, "type", "'model'", subject);
  const std::string_view vocabulary = find_member(model, "vocab", "'model'", subject);
  const std::string_view merges = find_member(model, "merges", "'model'", subject);
  if ((!type.empty() && type != "\"BPE\"") || vocabulary.empty() || merges.empty())
    fail(subject, "is a tokenizer of another kind than byte-level BPE");
  check_tokenizer(text, model, subject);
  Tokens tokens = parse_tokens(vocabulary, subject);
  check_added_tokens(text, tokens, subject);
  return {std::move(tokens), parse_merges(merges, subject), subject};
}

/// The ids of GPT-2, which follow from its merges.
Tokens tokens_of(const Merges& merges, std::string_view subject) {
  Tokens tokens;
  const auto add = [&](const std::string& token) {
    if (!tokens.emplace(token, static_cast<std::int64_t>(tokens.size())).second)
      fail(subject, "merge to " + in_quotes(token) + " occurs twice");
  };
  for (const bool printable : {true, false}) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      if (is_printable(byte) == printable) add(byte_characters()[byte]);
    }
  }
  for (const auto& [left, right] : merges) add(left + right);
  add("<|endoftext|>");
  return tokens;
}

bool is_json(const std::filesystem::path& path) { return path.extension() == ".json"; }

}  // namespace

BpeTables::BpeTables(Tokens tokens, std::span<const std::pair<std::string, std::string>> merges,
                     std::string_view subject)
    : ids_(std::move(tokens)) {
  if (ids_.empty()) fail(subject, "empty vocabulary");
  const auto require = [&](const std::string& token, const char* kind, std::size_t number) {
    const auto id = find(token);
    if (!id)
      fail(subject, kind + std::to_string(number) + " needs " + in_quotes(token) +
                        ", which the vocabulary has not");
    return *id;
  };
  for (unsigned byte = 0; byte < 256; ++byte)
    byte_ids_[byte] = require(byte_characters()[byte], "byte ", byte);
  merges_.reserve(merges.size());
  for (const auto& [left, right] : merges) {
    const std::size_t number = merges_.size() + 1;
    const std::int64_t first = require(left, "merge ", number);
    const std::int64_t second = require(right, "merge ", number);
    const Merge merge{static_cast<std::uint32_t>(merges_.size()),
                      require(left + right, "merge ", number)};
    if (merge.id == first || merge.id == second)
      fail(subject, "merge " + std::to_string(number) + " joins a token with nothing");
    if (!merges_.emplace(pair_key(first, second), merge).second)
      fail(subject, "merge " + std::to_string(number) + " (" + in_quotes(left + " " + right) +
                        ") occurs twice");
  }
}

std::optional<std::int64_t> BpeTables::find(const std::string& token) const {
  const auto found = ids_.find(token);
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

const BpeTables::Merge* BpeTables::find_merge(std::int64_t left, std::int64_t right) const {
  const auto found = merges_.find(pair_key(left, right));
  return found == merges_.end() ? nullptr : &found->second;
}

BpeTables read_bpe_tables(std::span<const std::filesystem::path> files) {
  const auto json = std::ranges::find_if(files, is_json);
  const auto merges = std::ranges::find_if_not(files, is_json);
  if (merges == files.end()) return read_tokenizer(*json);
  const std::string& subject = merges->native();
  const Merges pairs = read_merges(*merges);
  if (json == files.end()) return {tokens_of(pairs, subject), pairs, subject};
  Tokens tokens = parse_tokens(read_json_file(*json, kMaxFile, table_limits()), json->native());
  return {std::move(tokens), pairs, subject};
}

}  // namespace claptools
