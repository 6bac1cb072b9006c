#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/text/bpe_tables.hpp"
#include "claptools/text/tokenizer.hpp"

namespace claptools {

/// What a byte-level BPE tokenizer does besides merging. Tokens are named as the vocabulary has
/// them; empty: none.
struct ByteBpeOptions {
  std::string first, last;  ///< added before and after every text
  std::string separator;    ///< text that stands between the text and `last`
  std::string pad;
  std::vector<std::string> written;  ///< become their ids where a text has them written out
  std::string swallowing;            ///< one of `written` that takes the white space before it
  bool python_spaces = false;        ///< ... as Python has it, which U+001C to U+001F belong to
};

/// RoBERTa's: <s> text </s>. @param slow as Python's slow tokenizer, with python_spaces.
ByteBpeOptions roberta_options(bool slow = false);

/// Byte-level BPE as of GPT-2 and RoBERTa: no normalisation; texts are cut by GPT-2's regular
/// expression into words with the space before them, numbers, other signs and white space; bytes
/// are merged within such a piece, the lowest rank first and among those the leftmost. Gives the
/// ids of the `tokenizers` package. Source: families goldens README, section 3.
class ByteBpeTokenizer : public Tokenizer {
 public:
  /// @throws Error{data} naming `subject` and the token of the options that the tables lack.
  ByteBpeTokenizer(BpeTables tables, const ByteBpeOptions& options, std::string_view subject);

  /// Takes time n log n in the length of the text, and stops where the tokens are full.
  Tokens encode(std::string_view text, std::size_t max_tokens) const override;

  std::int64_t pad_id() const override { return pad_; }
  std::size_t vocabulary_size() const { return tables_.size(); }

 private:
  struct Written {
    std::string text;
    std::int64_t id;
    bool swallows;
  };
  /// A token that a text has written out, and the part of the text that it takes.
  struct Place {
    std::size_t begin, end;
    const Written* token;
  };
  class Merger;

  Place find_written(std::string_view text) const;
  void append_text(std::string_view text, std::size_t most, std::vector<std::int64_t>& ids) const;

  BpeTables tables_;
  std::vector<Written> written_;
  std::bitset<256> begins_written_;  ///< by byte
  std::string separator_;
  bool python_spaces_;
  std::int64_t first_, last_, pad_;  ///< -1: none
};

/// Reads the tables of a model (read_bpe_tables).
/// @throws Error{data} if there are not `size` tokens.
std::unique_ptr<Tokenizer> read_byte_bpe_tokenizer(std::span<const std::filesystem::path> files,
                                                   const ByteBpeOptions& options, std::size_t size);

}  // namespace claptools
