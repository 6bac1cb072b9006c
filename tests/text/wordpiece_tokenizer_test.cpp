#include "claptools/text/wordpiece_tokenizer.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/table.hpp"
#include "support/errors.hpp"

namespace claptools {
namespace {

WordPieceTokenizer load(const std::string& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in) << path;
  return WordPieceTokenizer(in, path);
}

const WordPieceTokenizer& bert() {
  static const WordPieceTokenizer tokenizer = load(CLAPTOOLS_SHARE "/vocab-bert-base-uncased.txt");
  return tokenizer;
}

std::string join(const std::vector<std::int64_t>& ids) {
  std::string text;
  for (const std::int64_t id : ids) {
    if (!text.empty()) text += ' ';
    text += std::to_string(id);
  }
  return text;
}

std::string failure(const std::string& vocabulary) {
  std::istringstream in(vocabulary);
  return testing::message_of(Fault::data, [&] { WordPieceTokenizer(in, "vocab.txt"); });
}

// Expected ids: the tokenizers package and the official run (tests/data/text/make_text_goldens.py).
TEST(WordPieceTokenizer, EqualsReferenceTable) {
  const std::string path = CLAPTOOLS_TEST_DATA "/text/tokens.tsv";
  const Table table = read_table_file(path, Delimiter::tab);
  const std::size_t text = table.require("text", path), ids = table.require("ids", path);
  const std::size_t limit = table.require("max_tokens", path);
  ASSERT_GT(table.rows.size(), 2000u);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    EXPECT_EQ(join(bert().encode(unescape_tsv(row[text]), std::stoul(row[limit])).ids), row[ids])
        << path << ":" << table.lines[i] << ": " << row[text];
  }
}

TEST(WordPieceTokenizer, LoadsAnotherVocabulary) {
  const WordPieceTokenizer micro = load(CLAPTOOLS_TEST_DATA "/text/vocab_micro.txt");
  EXPECT_EQ(micro.pad_id(), 1);
  const std::string path = CLAPTOOLS_TEST_DATA "/text/tokens_micro.tsv";
  const Table table = read_table_file(path, Delimiter::tab);
  ASSERT_EQ(table.rows.size(), 4u);
  for (const auto& row : table.rows) EXPECT_EQ(join(micro.encode(row[0]).ids), row[1]) << row[0];
}

TEST(WordPieceTokenizer, KnowsItsVocabulary) {
  EXPECT_EQ(bert().vocabulary_size(), 30522u);
  EXPECT_EQ(bert().pad_id(), 0);
}

TEST(WordPieceTokenizer, MarksOnlyAddedTokensAsSpecial) {
  const Tokens tokens = bert().encode("[CLS] dog [MASK]");
  EXPECT_EQ(join(tokens.ids), "101 101 3899 103 102");
  EXPECT_EQ(tokens.special, (std::vector<std::uint8_t>{1, 0, 0, 0, 1}));
  EXPECT_EQ(bert().encode("", 2).special, (std::vector<std::uint8_t>{1, 1}));
}

TEST(WordPieceTokenizer, NeedsRoomForTwoTokens) {
  EXPECT_THROW(bert().encode("dog", 1), Error);
  EXPECT_THROW(bert().encode("dog", 0), Error);
}

TEST(WordPieceTokenizer, NamesWhatIsWrongWithAVocabulary) {
  EXPECT_EQ(failure(""), "vocab.txt: empty vocabulary");
  EXPECT_EQ(failure("[PAD]\n[UNK]\n[CLS]\n"), "vocab.txt: token [SEP] is missing");
  EXPECT_EQ(failure("[PAD]\n[UNK]\na\n[CLS]\n[SEP]\na\n"), "vocab.txt: token 'a' occurs twice");
  EXPECT_EQ(failure("[PAD]\n[UNK]\n##a\n[CLS]\n[SEP]\n##a\n"),
            "vocab.txt: token '##a' occurs twice");
}

TEST(WordPieceTokenizer, AVocabularyHasShortLines) {
  const std::string special = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n";
  const std::string refused = "vocab.txt: line 5 is longer than 1000 bytes, so it is not a token";
  for (const std::string end : {"", "\n", "\r\n"}) {
    std::istringstream in(special + std::string(1000, 'a') + end);
    EXPECT_EQ(WordPieceTokenizer(in, "vocab.txt").vocabulary_size(), 5u);
    EXPECT_EQ(failure(special + std::string(1001, 'a') + end), refused);
    EXPECT_EQ(failure(special + std::string(1002, 'a') + end), refused);
    EXPECT_EQ(failure(special + std::string(10'000'000, 'a') + end), refused);
  }
  std::ifstream zeros("/dev/zero");
  EXPECT_THROW(WordPieceTokenizer(zeros, "vocab.txt"), Error);
}

TEST(WordPieceTokenizer, AVocabularyHasAMillionTokens) {
  std::string text;
  for (int i = 0; i < 1'100'000; ++i) text += std::to_string(i) + "\n";
  EXPECT_EQ(failure(text), "vocab.txt: more than 1048576 tokens");
}

TEST(WordPieceTokenizer, AFailedReadIsNotTheEnd) {
  std::ifstream unreadable("/proc/self/mem");
  testing::message_of(Fault::io, [&] { WordPieceTokenizer(unreadable, "vocab.txt"); });
}

TEST(WordPieceTokenizer, VocabularyMayHaveCarriageReturnsAndNoMask) {
  std::istringstream in("[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\na\r\n##a\r\n[\r\n]");
  const WordPieceTokenizer tokenizer(in, "vocab.txt");
  EXPECT_EQ(join(tokenizer.encode("aaa [MASK] [SEP]").ids), "2 4 5 5 6 1 7 3 3");
}

// Lines of ten megabytes: words never ended, tokens never reached, marks to order, brackets.
TEST(WordPieceTokenizer, TakesLinearTimeOnLongLines) {
  constexpr std::size_t kBytes = 10'000'000;
  for (const std::string part :
       {"x", "\xCC\x81", "\xE3\x80\xAE\xE1\xAD\x84", "[", " ", "\xFF", "한"}) {
    std::string text;
    while (text.size() < kBytes) text += part;
    EXPECT_LE(bert().encode(text + " dog").ids.size(), 30u) << escape_tsv(part);
  }
  std::string text;
  while (text.size() < kBytes) text += "dogs bark ";
  EXPECT_GT(bert().encode(text, kBytes).ids.size(), kBytes / 5);
}

}  // namespace
}  // namespace claptools
