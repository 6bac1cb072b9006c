#include "claptools/text/wordpiece_tokenizer.hpp"

#include <algorithm>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/utf8.hpp"
#include "claptools/text/unicode_tables.hpp"

namespace claptools {
namespace {

constexpr std::size_t kMaxWordChars = 100;
constexpr std::size_t kMaxTokenBytes = 1000;
constexpr std::int64_t kMaxTokens = 1 << 20;
constexpr std::string_view kContinuation = "##";

bool is_inside_character(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

/// The next line without its end, or false at the end of the text; longer ones are never held.
bool read_line(std::istream& in, std::string& line, std::int64_t number, std::string_view subject) {
  char buffer[kMaxTokenBytes + 2];  // \r and NUL
  in.getline(buffer, sizeof buffer);
  const auto count = static_cast<std::size_t>(in.gcount());
  if (in.bad() || (in.fail() && count == 0)) return false;
  line.assign(buffer, in.eof() || in.fail() ? count : count - 1);  // a line's end is counted
  if (line.ends_with('\r')) line.pop_back();
  if (in.fail() || line.size() > kMaxTokenBytes) {
    throw Error(Fault::data, subject,
                "line " + std::to_string(number) + " is longer than " +
                    std::to_string(kMaxTokenBytes) + " bytes, so it is not a token");
  }
  return true;
}

/// The characters of one word in canonical order, at most one more than the limit.
class Word {
 public:
  bool empty() const { return chars_.empty(); }
  bool too_long() const { return chars_.size() > kMaxWordChars; }

  void append(char32_t c) {
    if (too_long()) return;
    std::size_t at = chars_.size();
    if (const std::uint8_t order = combining_class(c)) {
      while (at > barrier_ && combining_class(chars_[at - 1]) > order) --at;
    }
    chars_.insert(at, 1, c);
  }

  /// Later marks are not ordered before this point.
  void set_barrier() { barrier_ = chars_.size(); }

  std::string take() {
    std::string text;
    for (const char32_t c : chars_) append_utf8(text, c);
    chars_.clear();
    barrier_ = 0;
    return text;
  }

 private:
  std::u32string chars_;
  std::size_t barrier_ = 0;
};

}  // namespace

/// The ids of one text while it is read, character by character.
class WordPieceTokenizer::Encoding {
 public:
  Encoding(const WordPieceTokenizer& tokenizer, std::size_t max_ids)
      : tokenizer_(tokenizer), max_ids_(max_ids) {}

  bool full() const { return ids_.size() >= max_ids_; }

  void put(char32_t c) {
    const CharClass kind = bert_class(c);
    if (kind == CharClass::control || kind == CharClass::mark) return;
    if (kind == CharClass::mark_starter) return word_.set_barrier();
    if (kind == CharClass::ideograph) end_word();
    for (const char32_t folded : bert_fold(c)) put_folded(folded);
    if (kind == CharClass::ideograph) end_word();
  }

  void put_special(std::int64_t id) {
    end_word();
    ids_.push_back(id);
  }

  std::vector<std::int64_t> finish() {
    end_word();
    if (full()) ids_.resize(max_ids_);
    return std::move(ids_);
  }

 private:
  /// A folded character may be punctuation where the original was not (U+1FEF is a grave accent).
  void put_folded(char32_t c) {
    const CharClass kind = bert_class(c);
    const bool is_separate = kind == CharClass::space || kind == CharClass::punctuation;
    if (is_separate) end_word();
    if (kind != CharClass::space) word_.append(c);
    if (is_separate) end_word();
  }

  void end_word() {
    if (word_.empty()) return;
    const bool too_long = word_.too_long();
    const std::string text = word_.take();
    if (too_long) {
      ids_.push_back(tokenizer_.unknown_);
    } else {
      tokenizer_.append_word(text, ids_);
    }
  }

  const WordPieceTokenizer& tokenizer_;
  std::size_t max_ids_;
  std::vector<std::int64_t> ids_;
  Word word_;
};

WordPieceTokenizer::WordPieceTokenizer(std::istream& vocabulary, std::string_view subject) {
  std::int64_t id = 0;
  for (std::string line; read_line(vocabulary, line, id + 1, subject); ++id) {
    if (id == kMaxTokens) throw Error(Fault::data, subject, "more than 1048576 tokens");
    add_token(line, id, subject);
  }
  if (vocabulary.bad()) throw Error(Fault::io, subject, "cannot be read");
  if (id == 0) throw Error(Fault::data, subject, "empty vocabulary");
  unknown_ = require("[UNK]", subject);
  cls_ = require("[CLS]", subject);
  sep_ = require("[SEP]", subject);
  pad_ = require("[PAD]", subject);
  for (const std::string_view token : {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}) {
    const auto found = initial_.find(token);
    if (found != initial_.end()) written_.emplace_back(*found);
  }
}

void WordPieceTokenizer::add_token(std::string_view token, std::int64_t id,
                                   std::string_view subject) {
  const bool continues = token.starts_with(kContinuation);
  const std::string_view piece = continues ? token.substr(kContinuation.size()) : token;
  if (!(continues ? continuing_ : initial_).emplace(piece, id).second) {
    throw Error(Fault::data, subject, "token '" + shorten(token) + "' occurs twice");
  }
  longest_ = std::max(longest_, piece.size());
}

std::int64_t WordPieceTokenizer::require(std::string_view token, std::string_view subject) const {
  const auto found = initial_.find(token);
  if (found == initial_.end()) {
    throw Error(Fault::data, subject, "token " + std::string(token) + " is missing");
  }
  return found->second;
}

/// Greedy: always the longest piece that fits; [UNK] for the whole word if none does.
void WordPieceTokenizer::append_word(std::string_view word, std::vector<std::int64_t>& ids) const {
  const std::size_t first_id = ids.size();
  for (std::size_t begin = 0; begin < word.size();) {
    const Pieces& pieces = begin == 0 ? initial_ : continuing_;
    std::size_t end = std::min(word.size(), begin + longest_);
    auto found = pieces.end();
    for (; end > begin && found == pieces.end(); --end) {
      if (!is_inside_character(word, end)) found = pieces.find(word.substr(begin, end - begin));
    }
    if (found == pieces.end()) {
      ids.resize(first_id);
      ids.push_back(unknown_);
      return;
    }
    ids.push_back(found->second);
    begin += found->first.size();
  }
}

Tokens WordPieceTokenizer::encode(std::string_view text, std::size_t max_tokens) const {
  if (max_tokens < 2) throw Error(Fault::usage, "max_tokens", "must be at least 2");
  Encoding encoding(*this, max_tokens - 2);
  while (!text.empty() && !encoding.full()) {
    const auto special = std::find_if(written_.begin(), written_.end(), [&](const auto& token) {
      return text.starts_with(token.first);
    });
    if (special != written_.end()) {
      encoding.put_special(special->second);
      text.remove_prefix(special->first.size());
    } else {
      const Utf8Char c = decode_utf8(text);
      encoding.put(c.code_point);
      text.remove_prefix(c.length);
    }
  }
  Tokens tokens{.ids = encoding.finish(), .special = {}};
  tokens.ids.insert(tokens.ids.begin(), cls_);
  tokens.ids.push_back(sep_);
  tokens.special.assign(tokens.ids.size(), 0);
  tokens.special.front() = tokens.special.back() = 1;
  return tokens;
}

std::unique_ptr<Tokenizer> read_wordpiece_tokenizer(const std::filesystem::path& vocabulary,
                                                    std::size_t size) {
  InputStream in(vocabulary);
  auto tokenizer = std::make_unique<WordPieceTokenizer>(in, vocabulary.native());
  check_vocabulary_size(tokenizer->vocabulary_size(), size, vocabulary.native());
  return tokenizer;
}

}  // namespace claptools
