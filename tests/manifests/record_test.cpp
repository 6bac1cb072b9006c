#include "claptools/manifests/record.hpp"

#include <gmock/gmock.h>

#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;
using testing::write_bytes;
using Kind = Field::Kind;

std::string to_string(const Record& record) {
  std::string text = record.where + ":";
  for (const Field& field : record.fields) text += " " + field.name + "=" + field.value;
  return text;
}

std::string refusal(const std::function<void()>& read) {
  try {
    read();
    return "nothing refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::data);
    return error.reason();
  }
}

TEST(Record, HasTheFieldsOfAJsonObject) {
  Record record{"x"};
  record.read_json(
      "\xEF\xBB\xBF{\"b\": 1.50, \"a\": [1, \"x\"], \"c\": true, \"d\": null,"
      " \"e\\n\": \"\\u00e9 \\\"\", \"f\": {\"z\": -2, \"y\": {}}} ");
  EXPECT_EQ(to_string(record),
            ": b=1.5 a=[1,\"x\"] c=true d= e\n=\xC3\xA9 \" f={\"z\":-2,\"y\":{}}");
  std::vector<Kind> kinds;
  for (const Field& field : record.fields) kinds.push_back(field.kind);
  EXPECT_THAT(kinds, ElementsAre(Kind::number, Kind::list, Kind::other, Kind::null, Kind::text,
                                 Kind::other));
  EXPECT_EQ(record.find("b"), &record.fields[0]);
  EXPECT_EQ(record.find("d"), nullptr);
  EXPECT_EQ(record.find("none"), nullptr);
}

TEST(Record, RefusesWhatIsNoJsonObject) {
  const auto refused = [](const std::string& text, const JsonLimits& limits = {}) {
    return refusal([&] { Record{"x", "line 3"}.read_json(text, limits); });
  };
  EXPECT_EQ(refused("[]"), "line 3: not a JSON object");
  EXPECT_EQ(refused(" 3 "), "line 3: not a JSON object");
  EXPECT_EQ(refused("{"), "line 3: not valid JSON (byte 2)");
  EXPECT_EQ(refused("{} {}"), "line 3: not valid JSON (byte 4)");
  EXPECT_EQ(refused(R"({"a": "b\u0000"})"), "line 3: 'a' holds a NUL");
  EXPECT_EQ(refused(R"({"a": 1, "b": 2})", {.keys = 1}), "line 3: an object of more than 1 keys");
  EXPECT_EQ(refused(R"({"a": )" + std::string(100, '[') + std::string(100, ']') + "}"),
            "line 3: JSON that nests deeper than 64 levels");
}

class Records : public ::testing::Test {
 protected:
  /// All records, the header first.
  std::vector<std::string> read(const std::string& name, const std::string& text) {
    const std::string path = folder_ / name;
    write_bytes(path, text);
    std::vector<std::string> read;
    const auto add = [&](const Record& record) {
      EXPECT_EQ(record.path, path);
      EXPECT_EQ(record.is_row, name == "a.csv");
      read.push_back(to_string(record));
    };
    read_records(path, add, add);
    return read;
  }

  std::string refusal_of(const std::string& name, const std::string& text) {
    return refusal([&] { read(name, text); });
  }

  const testing::TempDir folder_;
};

TEST_F(Records, OfATable) {
  EXPECT_THAT(read("a.csv", "\xEF\xBB\xBFy,x\r\n\r\n1,\"a\nb\"\r\n2\n"),
              ElementsAre(": y=y x=x", "line 3: y=1 x=a\nb", "line 5: y=2 x="));
  EXPECT_THAT(read("a.csv", "y\tx\n"), ElementsAre(": y=y x=x"));
}

TEST_F(Records, OfJsonLines) {
  for (const char* name : {"a.jsonl", "a.ndjson"})
    EXPECT_THAT(read(name, "\xEF\xBB\xBF{\"y\": 1, \"x\": \"a\"}\r\n \n{}"),
                ElementsAre("line 1: y=1 x=a", "line 3:"));
  EXPECT_EQ(refusal_of("a.jsonl", "{}\n\n3\n"), "line 3: not a JSON object");
  EXPECT_THAT(refusal_of("a.jsonl", "{\"\xE9\": 1}\n"), StartsWith("line 1, byte 3: not UTF-8"));
}

TEST_F(Records, OfAJsonList) {
  EXPECT_THAT(read("a.json", "\xEF\xBB\xBF[{\"y\": 1}, {}]"),
              ElementsAre("manifest:", "item 1: y=1", "item 2:"));
  EXPECT_THAT(read("a.json", R"({"n": 2, "data": [{"y": [{}]}], "m": "x"})"),
              ElementsAre("manifest: n=2 m=x", "item 1: y=[{}]"));
  EXPECT_EQ(refusal_of("a.json", "[{}, 3]"), "item 2: not a JSON object");
  EXPECT_EQ(refusal_of("a.json", "{\"data\": 3}"), "manifest: 'data' is not a list");
  EXPECT_EQ(refusal_of("a.json", "{}"), "manifest: 'data' is missing");
  EXPECT_THAT(refusal_of("a.json", "[\xE9]"), StartsWith("manifest: byte 2: not UTF-8"));
}

}  // namespace
}  // namespace claptools
