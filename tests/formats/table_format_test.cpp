#include "claptools/formats/table_format.hpp"

#include <gtest/gtest.h>

#include <array>
#include <sstream>

#include "claptools/core/strings/table.hpp"

namespace claptools {
namespace {

const std::vector<std::string> kColumns = {"name", "value"};

std::string line(TableFormat format, const std::string& text, const std::string& number = "1") {
  return table_line(format, kColumns, std::array{Cell{text, false}, Cell{number, true}});
}

TEST(CsvField, IsQuotedOnlyWhereItMustBe) {
  EXPECT_EQ(csv_field("plain text; é"), "plain text; é");
  EXPECT_EQ(csv_field(""), "");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv_field("a\r\tb"), "\"a\r\tb\"");
}

TEST(CsvField, HasNoControlCharacterButBreaks) {
  EXPECT_EQ(csv_field(std::string("a\x1b[31m\0b", 8)), "a\\x1b[31m\\x00b");
  EXPECT_EQ(csv_field("latin \xe9"), "latin \\xe9");
  EXPECT_EQ(csv_field("back\\slash"), "back\\slash");
}

TEST(TableLine, HasOneFormatPerKind) {
  EXPECT_EQ(line(TableFormat::tsv, "a\tb,\"c\"\\"), "a\\tb,\"c\"\\\\\t1\n");
  EXPECT_EQ(line(TableFormat::csv, "a,b"), "\"a,b\",1\n");
  EXPECT_EQ(line(TableFormat::json_lines, "a\"b"), "{\"name\": \"a\\\"b\", \"value\": 1}\n");
  EXPECT_EQ(line(TableFormat::json_lines, "a", "nan"), "{\"name\": \"a\", \"value\": null}\n");
  EXPECT_EQ(header_line(TableFormat::tsv, kColumns), "name\tvalue\n");
  EXPECT_EQ(header_line(TableFormat::csv, kColumns), "name,value\n");
  EXPECT_EQ(header_line(TableFormat::json_lines, kColumns), "");
}

TEST(TableLine, OfCsvReadsBack) {
  const std::string hostile = "a,\"b\"\n\tc\r\n;d \xc3\xa9";
  std::istringstream in(header_line(TableFormat::csv, kColumns) + line(TableFormat::csv, hostile));
  const Table table = read_table(in, "t.csv");
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(table.rows[0][0], "a,\"b\"\n\tc\n;d \xc3\xa9") << "but for returns before line feeds";
  EXPECT_EQ(table.rows[0][1], "1");
}

}  // namespace
}  // namespace claptools
