#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "claptools/text/tokenizer.hpp"

namespace claptools {

/// BERT's uncased WordPiece tokenizer: controls dropped, CJK characters and punctuation isolated,
/// canonical decomposition without accents, lower case, greedy longest pieces; a word of more than
/// 100 characters or without pieces is [UNK]. [PAD], [UNK], [CLS], [SEP] and [MASK] written out in
/// a text become their ids.
///
/// Gives the ids of the `tokenizers` package (BertTokenizerFast). The official run used the slow
/// BertTokenizer; the two differ only for characters newer than about Unicode 8 (the slow one drops
/// unassigned characters and, by its own Unicode version, newer accents and format characters, and
/// splits at newer punctuation), U+166D, U+1734 and the CJK characters U+2B820 .. U+2B91F, which
/// the slow one isolates. Source: docs/reference/pipeline.md, step 15.
class WordPieceTokenizer : public Tokenizer {
 public:
  /// @param vocabulary one token per line; the line number is the id.
  /// @throws Error{data} naming `subject` if [UNK], [CLS], [SEP] or [PAD] is missing, a token is
  /// duplicated or longer than 1000 bytes, there are more than 2^20, or the text is empty; {io} if
  /// reading fails.
  WordPieceTokenizer(std::istream& vocabulary, std::string_view subject);

  /// Takes time linear in the length of the text, and stops where the tokens are full.
  Tokens encode(std::string_view text, std::size_t max_tokens = 30) const override;

  std::int64_t pad_id() const override { return pad_; }
  std::size_t vocabulary_size() const { return initial_.size() + continuing_.size(); }

 private:
  /// Lets a lookup take a string_view.
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Pieces = std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>>;

  class Encoding;

  void add_token(std::string_view token, std::int64_t id, std::string_view subject);
  std::int64_t require(std::string_view token, std::string_view subject) const;
  void append_word(std::string_view word, std::vector<std::int64_t>& ids) const;

  Pieces initial_;           ///< tokens that begin a word
  Pieces continuing_;        ///< tokens that continue a word, without their "##"
  std::size_t longest_ = 0;  ///< bytes of the longest piece
  /// Special tokens recognised where they are written out in a text.
  std::vector<std::pair<std::string, std::int64_t>> written_;
  std::int64_t unknown_ = 0, cls_ = 0, sep_ = 0, pad_ = 0;
};

/// Reads the vocabulary of a model.
/// @throws as the constructor; Error{data} if there are not `size` tokens.
std::unique_ptr<Tokenizer> read_wordpiece_tokenizer(const std::filesystem::path& vocabulary,
                                                    std::size_t size);

}  // namespace claptools
