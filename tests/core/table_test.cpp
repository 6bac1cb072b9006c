#include "claptools/core/strings/table.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

Table parse(const std::string& text, Delimiter delimiter = Delimiter::guess) {
  std::istringstream in(text);
  return read_table(in, "t.csv", delimiter);
}

std::string failure(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::data);
    return e.what();
  }
  return "no error";
}

TEST(Table, ReadsCsvWithQuotes) {
  const Table t = parse("\xEF\xBB\xBFid,caption\r\na,\"one, \"\"two\"\"\nthree\"\n\nb,x\n");
  EXPECT_EQ(t.columns, (std::vector<std::string>{"id", "caption"}));
  ASSERT_EQ(t.rows.size(), 2u);
  EXPECT_EQ(t.rows[0][1], "one, \"two\"\nthree");
  EXPECT_EQ(t.rows[1][0], "b");
  EXPECT_EQ(t.lines, (std::vector<std::size_t>{2, 5}));
}

TEST(Table, ReadsTsvLiterally) {
  const Table t = parse("id\tcaption\na\t\"dog\", cat\nb\n");
  EXPECT_EQ(t.rows[0][1], "\"dog\", cat");
  EXPECT_EQ(t.rows[1][1], "");
}

using Row = std::vector<std::string>;

TEST(Table, ReadsQuotedTsvOfOtherPrograms) {
  const Table pandas = parse("\"id\"\t\"label\"\n\"a\tb\"\t\"say \"\"hi\"\"\"\n1\tx\n");
  EXPECT_EQ(pandas.columns, (Row{"id", "label"}));
  EXPECT_EQ(pandas.rows[0], (Row{"a\tb", "say \"hi\""}));
  EXPECT_EQ(pandas.rows[1], (Row{"1", "x"}));
  const Table r = parse("\"id\"\t\"label\"\n\"1\"\t\"a.wav\"\t\"x\"\n");  // row names
  EXPECT_EQ(r.columns, (Row{"", "id", "label"}));
  EXPECT_EQ(r.rows[0], (Row{"1", "a.wav", "x"}));
  const Table minimal = parse("id\tcaption\na\t\"\"\"rain\"\" falls\"\nb\t\"\"\n");
  EXPECT_EQ(minimal.rows[0][1], "\"rain\" falls");
  EXPECT_EQ(minimal.rows[1][1], "\"\"");
}

TEST(Table, ReadsSemicolons) {
  const Table t = parse("id;label\r\na.wav;\"x;y\"\r\nb.wav;0,5\r\n");
  EXPECT_EQ(t.columns, (Row{"id", "label"}));
  EXPECT_EQ(t.rows[0][1], "x;y");
  EXPECT_EQ(t.rows[1][1], "0,5");
  EXPECT_EQ(parse("\"a,b\";c\n1;2\n").columns, (Row{"a,b", "c"}));
  EXPECT_EQ(parse("sep=;\na,b;c\n1;2\n").columns, (Row{"a,b", "c"}));
  EXPECT_EQ(parse("a,b;c\n1,2\n").columns, (Row{"a", "b;c"}));
}

TEST(Table, DropsWhatASpreadsheetLeavesAtLineEnds) {
  const Table t = parse("id\tlabel\t\t\na\tx\t\t\nb\n");
  EXPECT_EQ(t.columns, (Row{"id", "label"}));
  EXPECT_EQ(t.rows[0], (Row{"a", "x"}));
  EXPECT_EQ(parse(",audio\n0,a.wav\n").columns, (Row{"", "audio"}));
  EXPECT_EQ(failure("a,b,,\n1,2,3,\n"), "t.csv: line 2 has 3 fields, the header 2");
  EXPECT_EQ(failure("a,,,b\n"), "t.csv: two columns have no name");
}

TEST(Table, NamesLineAndByteOfWhatIsNotUtf8) {
  const std::string hint = "; iconv -f WINDOWS-1252 -t UTF-8 converts Western texts";
  EXPECT_EQ(failure("a,b\n1,caf\xE9\n"), "t.csv: line 2, byte 6: not UTF-8 (\\xe9)" + hint);
  EXPECT_EQ(failure("a,b\n1,\"x\ny\xED\xA0\x80\"\n"),
            "t.csv: line 3, byte 2: not UTF-8 (\\xed)" + hint);
  EXPECT_EQ(failure("\xFF\xFE" + std::string("a\0,\0", 4)),
            "t.csv: line 1, byte 1: UTF-16, not UTF-8; iconv -f UTF-16 -t UTF-8 converts it");
  EXPECT_EQ(failure(std::string("a,b\n1,x\0y\n", 10)),
            "t.csv: line 2, byte 4: a NUL, which is not text");
  EXPECT_EQ(parse("audio,b\ncaf\xE9.wav,x\n").rows[0][0], "caf\xE9.wav");
}

TEST(Table, NamesWhatIsWrong) {
  EXPECT_EQ(failure(""), "t.csv: empty table");
  EXPECT_EQ(failure("a,b\n1,2,3\n"), "t.csv: line 2 has 3 fields, the header 2");
  EXPECT_EQ(failure("a,a\n"), "t.csv: column 'a' occurs twice");
  EXPECT_EQ(failure("a,b\n\"x,1\n"), "t.csv: a quoted field is not closed");
  try {
    parse("a,b\n").require("fold", "t.csv");
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "t.csv: column 'fold' is missing");
  }
}

}  // namespace
}  // namespace claptools
