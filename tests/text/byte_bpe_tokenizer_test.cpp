#include "claptools/text/byte_bpe_tokenizer.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <functional>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/table.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kAll = 1 << 30;
const fs::path kShare = CLAPTOOLS_SHARE "/vocabularies/roberta",
               kSmall = CLAPTOOLS_TEST_DATA "/text/bpe_small";

BpeTables tables(const std::vector<fs::path>& files) { return read_bpe_tables(files); }

BpeTables roberta_tables() { return tables({kShare / "vocab.json", kShare / "merges.txt"}); }
BpeTables gpt2_tables() { return tables({kShare / "merges.txt"}); }

ByteBpeOptions gpt2_options() {
  ByteBpeOptions options;
  options.written = {"<|endoftext|>"};
  return options;
}

/// As msclap uses GPT-2's: "!" pads, so that it is cut out of texts.
ByteBpeOptions padded_options() {
  ByteBpeOptions options = gpt2_options();
  options.written.emplace_back("!");
  options.pad = "!";
  options.separator = " ";
  options.last = "<|endoftext|>";
  return options;
}

std::string join(const std::vector<std::int64_t>& ids) {
  std::string text;
  for (const std::int64_t id : ids) text += (text.empty() ? "" : " ") + std::to_string(id);
  return text;
}

// Expected ids: the official tokenizers (tests/data/text/make_bpe_goldens.py).
void compare(const ByteBpeTokenizer& tokenizer, const char* column) {
  const std::string path = CLAPTOOLS_TEST_DATA "/text/bpe.tsv";
  const Table table = read_table_file(path, Delimiter::tab);
  const std::size_t text = table.require("text", path), ids = table.require(column, path);
  ASSERT_EQ(table.rows.size(), 2000u);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    ASSERT_EQ(join(tokenizer.encode(unescape_tsv(row[text]), kAll).ids), row[ids])
        << path << ":" << table.lines[i] << ": " << row[text];
  }
}

TEST(ByteBpeTokenizer, EqualsRoberta) {
  compare({roberta_tables(), roberta_options(), "roberta"}, "roberta");
}

TEST(ByteBpeTokenizer, EqualsTheSlowRoberta) {
  compare({roberta_tables(), roberta_options(true), "roberta"}, "roberta_slow");
}

TEST(ByteBpeTokenizer, EqualsGpt2) { compare({gpt2_tables(), gpt2_options(), "gpt2"}, "gpt2"); }

TEST(ByteBpeTokenizer, EqualsGpt2WithExclamationMarksForPadding) {
  const ByteBpeTokenizer tokenizer(gpt2_tables(), padded_options(), "gpt2");
  EXPECT_EQ(tokenizer.pad_id(), 0);
  EXPECT_EQ(tokenizer.vocabulary_size(), 50257u);
  compare(tokenizer, "msclap");
}

TEST(ByteBpeTokenizer, EqualsASmallOne) {
  compare({tables({kSmall / "merges.txt", kSmall / "vocab.json"}), roberta_options(), "small"},
          "roberta_small");
}

TEST(ByteBpeTokenizer, ReadsATokenizerFile) {
  compare({tables({kSmall / "tokenizer.json"}), roberta_options(), "small"}, "roberta_small");
}

TEST(ByteBpeTokenizer, CutsLongTextsAndKeepsTheirEnd) {
  const ByteBpeTokenizer tokenizer(gpt2_tables(), padded_options(), "gpt2");
  const Tokens tokens = tokenizer.encode("a dog barks", 3);
  EXPECT_EQ(join(tokens.ids), "64 3290 50256");
  EXPECT_EQ(tokens.special, (std::vector<std::uint8_t>{0, 0, 1}));
  const ByteBpeTokenizer roberta(roberta_tables(), roberta_options(), "roberta");
  EXPECT_EQ(join(roberta.encode("a dog barks", 4).ids), "0 102 2335 2");
  EXPECT_EQ(join(roberta.encode("<mask><mask>", 3).ids), "0 50264 2");
  EXPECT_EQ(join(roberta.encode("a", 2).ids), "0 2");
  EXPECT_THROW(roberta.encode("a", 1), Error);
}

/// Of processor time.
double seconds(const std::function<void()>& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// Ten times the text takes a hundred times as long where time is quadratic.
TEST(ByteBpeTokenizer, LongTextsTakeNearlyLinearTime) {
  const ByteBpeTokenizer tokenizer(roberta_tables(), roberta_options(), "roberta");
  for (const std::string part : {"a", "ab", "abcdefghijk", "  ", "!", "<mask>", "<mask> ", "</"}) {
    std::string text;
    while (text.size() < 100'000) text += part;
    std::string longer;
    for (int i = 0; i < 10; ++i) longer += text;
    const double once = seconds([&] { tokenizer.encode(text, kAll); });
    const double ten = seconds([&] { tokenizer.encode(longer, kAll); });
    EXPECT_LT(ten, 50 * once + 0.5) << part;
  }
}

/// A tiny vocabulary as JSON: bytes, and what is given.
std::string vocabulary(const std::vector<std::string>& more) {
  std::string json = "{";
  std::size_t id = 0;
  const auto add = [&](const std::string& token) {
    json += (id == 0 ? "\"" : ",\"") + token + "\":" + std::to_string(id);
    ++id;
  };
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool printable =
        (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    static unsigned next = 0x100;
    if (byte == 0) next = 0x100;
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\u%04x", printable ? byte : next++);
    add(escape);
  }
  for (const std::string& token : more) add(token);
  return json + "}";
}

std::string refusal(const std::string& vocab, const std::string& merges) {
  const testing::TempDir folder;
  testing::write_bytes(folder / "vocab.json", vocab);
  testing::write_bytes(folder / "merges.txt", merges);
  try {
    tables({folder / "vocab.json", folder / "merges.txt"});
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::data);
    EXPECT_TRUE(error.subject().starts_with(folder.path().native()));
    return error.reason();
  }
  return "none";
}

TEST(BpeTables, NamesWhatIsWrong) {
  const std::string ab = vocabulary({"ab"});
  EXPECT_EQ(refusal(ab, "#version: 0.2\na b\n"), "none");
  EXPECT_EQ(refusal(ab, "a b\na b\n"), "merge 2 ('a b') occurs twice");
  EXPECT_EQ(refusal(ab, "a c\n"), "merge 1 needs 'ac', which the vocabulary has not");
  EXPECT_EQ(refusal(ab, "a b c\n"),
            "merge 1 ('a b c') is not two tokens with a space between them");
  EXPECT_EQ(refusal(ab, "ab\n"), "merge 1 ('ab') is not two tokens with a space between them");
  EXPECT_EQ(refusal(vocabulary({""}), "a \n"), "merge 1 joins a token with nothing");
  EXPECT_EQ(refusal(vocabulary({"ab", "aba"}), "aba b\n"),
            "merge 1 needs 'abab', which the vocabulary has not");
  EXPECT_EQ(refusal("{}", ""), "empty vocabulary");
  EXPECT_EQ(refusal("[]", ""), "the vocabulary is not a JSON object");
  EXPECT_EQ(refusal(R"({"a": 1})", ""), "token 'a' has the id 1 among 1 tokens");
  EXPECT_EQ(refusal(R"({"a": 0, "b": 0})", ""), "id 0 occurs twice");
  EXPECT_EQ(refusal(R"({"a": -1})", ""), "token 'a' has the id '-1'");
  EXPECT_EQ(refusal(R"({"a": 0})", ""), "byte 0 needs '\u0100', which the vocabulary has not");
  EXPECT_EQ(refusal("{\"a\": 0", ""), "not valid JSON (byte 8)");
  EXPECT_EQ(refusal(std::string(17 << 20, ' '), ""),
            "larger than 16 MiB, so it is not such a JSON file");
}

TEST(BpeTables, AMillionMergesAreTooMany) {
  std::string merges;
  for (int i = 0; i < 1'000'000; ++i) merges += "a b\n";
  EXPECT_EQ(refusal(vocabulary({"ab"}), merges), "more than 524288 merges");
}

TEST(BpeTables, RefusesOtherTokenizers) {
  const std::string good = testing::read_bytes(kSmall / "tokenizer.json");
  const auto reason = [&](const std::string& from, const std::string& to) {
    const testing::TempDir folder;
    std::string text = good;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, text.npos) << from;
    testing::write_bytes(folder / "tokenizer.json", text.replace(at, from.size(), to));
    try {
      tables({folder / "tokenizer.json"});
    } catch (const Error& error) {
      return error.reason();
    }
    return std::string("none");
  };
  EXPECT_EQ(reason("\"BPE\"", "\"Unigram\""), "is a tokenizer of another kind than byte-level BPE");
  EXPECT_EQ(reason("\"normalizer\": null", "\"normalizer\": {\"type\": \"NFC\"}"),
            "'normalizer' is {\"type\": \"NFC\"}, only null is known");
  EXPECT_EQ(reason("\"add_prefix_space\": false", "\"add_prefix_space\": true"),
            "'add_prefix_space' is true, only false is known");
  EXPECT_EQ(reason("\"content\": \"<mask>\"", "\"content\": \"<blank>\""),
            "added token \"<blank>\" is not in its vocabulary");
  EXPECT_EQ(reason("\"merges\": [", "\"merges\": [7,"), "merge 1 is not two tokens");
}

}  // namespace
}  // namespace claptools
