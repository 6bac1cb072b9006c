#include "claptools/text/byte_bpe_tokenizer.hpp"

#include <algorithm>
#include <queue>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/utf8.hpp"
#include "claptools/text/unicode_tables.hpp"

namespace claptools {
namespace {

Gpt2Class first_class(std::string_view text) { return gpt2_class(decode_utf8(text).code_point); }

/// Bytes of the characters of one class that a text begins with.
/// @param last receives where the last of them begins.
std::size_t run_of(std::string_view text, Gpt2Class kind, std::size_t& last) {
  std::size_t at = 0;
  while (at < text.size()) {
    const Utf8Char c = decode_utf8(text.substr(at));
    if (gpt2_class(c.code_point) != kind) break;
    last = at;
    at += c.length;
  }
  return at;
}

/// Bytes of the first piece of a text that is not empty:
/// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
std::size_t piece_size(std::string_view text) {
  if (text[0] == '\'') {
    for (const std::string_view ending : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"}) {
      if (text.starts_with(ending)) return ending.size();
    }
  }
  const std::size_t space = text[0] == ' ' ? 1 : 0;
  std::size_t last = 0;
  if (space < text.size()) {
    const Gpt2Class kind = first_class(text.substr(space));
    if (kind != Gpt2Class::blank) return space + run_of(text.substr(space), kind, last);
  }
  const std::size_t end = run_of(text, Gpt2Class::blank, last);
  return end == text.size() || last == 0 ? end : last;  // the last one belongs to what follows
}

/// Where the white space before `end` begins.
std::size_t skip_space_before(std::string_view text, std::size_t end, bool python) {
  while (end > 0) {
    std::size_t begin = end - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
    const char32_t c = decode_utf8(text.substr(begin)).code_point;
    if (python ? !is_python_space(c) : gpt2_class(c) != Gpt2Class::blank) break;
    end = begin;
  }
  return end;
}

}  // namespace

/// Merges the bytes of one piece after another; keeps its memory.
class ByteBpeTokenizer::Merger {
 public:
  explicit Merger(const BpeTables& tables) : tables_(tables) {}

  void append(std::string_view piece, std::vector<std::int64_t>& ids) {
    symbols_.clear();
    for (std::size_t i = 0; i < piece.size(); ++i) {
      const std::int64_t id = tables_.byte_id(static_cast<unsigned char>(piece[i]));
      symbols_.push_back({id, i == 0 ? kNone : i - 1, i + 1 == piece.size() ? kNone : i + 1});
    }
    for (std::size_t i = 0; i + 1 < piece.size(); ++i) offer(i);
    while (!candidates_.empty()) {
      const Candidate candidate = candidates_.top();
      candidates_.pop();
      const BpeTables::Merge* merge = find(candidate.at);
      if (merge && merge->rank == candidate.rank) join(candidate.at, merge->id);
    }
    for (std::size_t i = 0; i != kNone; i = symbols_[i].next) ids.push_back(symbols_[i].id);
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  static constexpr std::int64_t kJoined = -1;  // to the symbol before it

  struct Symbol {
    std::int64_t id;
    std::size_t previous, next;
  };
  struct Candidate {
    std::uint32_t rank;
    std::size_t at;  // of the left symbol
    bool operator>(const Candidate& other) const {
      return rank != other.rank ? rank > other.rank : at > other.at;
    }
  };

  /// What a symbol and the next one become.
  const BpeTables::Merge* find(std::size_t at) const {
    const Symbol& left = symbols_[at];
    if (left.id == kJoined || left.next == kNone) return nullptr;
    return tables_.find_merge(left.id, symbols_[left.next].id);
  }

  void offer(std::size_t at) {
    if (const BpeTables::Merge* merge = find(at)) candidates_.push({merge->rank, at});
  }

  void join(std::size_t at, std::int64_t id) {
    Symbol& left = symbols_[at];
    Symbol& right = symbols_[left.next];
    left.id = id;
    left.next = right.next;
    right.id = kJoined;
    if (left.next != kNone) symbols_[left.next].previous = at;
    if (left.previous != kNone) offer(left.previous);
    offer(at);
  }

  const BpeTables& tables_;
  std::vector<Symbol> symbols_;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates_;
};

ByteBpeOptions roberta_options(bool slow) {
  return {.first = "<s>",
          .last = "</s>",
          .separator = {},
          .pad = "<pad>",
          .written = {"<s>", "<pad>", "</s>", "<unk>", "<mask>"},
          .swallowing = "<mask>",
          .python_spaces = slow};
}

ByteBpeTokenizer::ByteBpeTokenizer(BpeTables tables, const ByteBpeOptions& options,
                                   std::string_view subject)
    : tables_(std::move(tables)),
      separator_(options.separator),
      python_spaces_(options.python_spaces) {
  const auto require = [&](const std::string& token) -> std::int64_t {
    if (token.empty()) return -1;
    const auto id = tables_.find(token);
    if (!id) throw Error(Fault::data, subject, "token " + token + " is missing");
    return *id;
  };
  first_ = require(options.first);
  last_ = require(options.last);
  pad_ = require(options.pad);
  for (const std::string& token : options.written) {
    written_.push_back({token, require(token), token == options.swallowing});
    begins_written_.set(static_cast<unsigned char>(token[0]));
  }
}

/// The first token that is written out, the longest of those that begin there; at the end of the
/// text if there is none.
ByteBpeTokenizer::Place ByteBpeTokenizer::find_written(std::string_view text) const {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!begins_written_[static_cast<unsigned char>(text[at])]) continue;
    const Written* found = nullptr;
    for (const Written& token : written_) {
      if (text.substr(at).starts_with(token.text) &&
          (!found || token.text.size() > found->text.size()))
        found = &token;
    }
    if (!found) continue;
    const std::size_t begin = found->swallows ? skip_space_before(text, at, python_spaces_) : at;
    return {begin, at + found->text.size(), found};
  }
  return {text.size(), text.size(), nullptr};
}

/// @param text UTF-8. @param most ids in all.
void ByteBpeTokenizer::append_text(std::string_view text, std::size_t most,
                                   std::vector<std::int64_t>& ids) const {
  Merger merger(tables_);
  while (!text.empty() && ids.size() < most) {
    const Place place = find_written(text);
    std::string_view part = text.substr(0, place.begin);
    while (!part.empty() && ids.size() < most) {
      const std::size_t size = piece_size(part);
      merger.append(part.substr(0, size), ids);
      part.remove_prefix(size);
    }
    if (place.token) ids.push_back(place.token->id);
    text.remove_prefix(place.end);
  }
  if (ids.size() > most) ids.resize(most);
}

Tokens ByteBpeTokenizer::encode(std::string_view text, std::size_t max_tokens) const {
  if (max_tokens < 2) throw Error(Fault::usage, "max_tokens", "must be at least 2");
  Tokens tokens;
  if (first_ >= 0) tokens.ids.push_back(first_);
  append_text(replace_invalid_utf8(text) + separator_, max_tokens - (last_ >= 0 ? 1 : 0),
              tokens.ids);
  if (last_ >= 0) tokens.ids.push_back(last_);
  tokens.special.assign(tokens.ids.size(), 0);
  if (first_ >= 0) tokens.special.front() = 1;
  if (last_ >= 0) tokens.special.back() = 1;
  return tokens;
}

std::unique_ptr<Tokenizer> read_byte_bpe_tokenizer(std::span<const std::filesystem::path> files,
                                                   const ByteBpeOptions& options,
                                                   std::size_t size) {
  BpeTables tables = read_bpe_tables(files);
  const std::string& subject = files.front().native();
  check_vocabulary_size(tables.size(), size, subject);
  return std::make_unique<ByteBpeTokenizer>(std::move(tables), options, subject);
}

}  // namespace claptools
