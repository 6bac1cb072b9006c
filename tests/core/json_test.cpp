#include "claptools/core/strings/json.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <vector>

#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

std::string fault(std::string_view text, const JsonLimits& limits = {}) {
  return find_json_fault(text, limits).value_or("none");
}

std::string repeat(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

std::string nested(std::size_t depth) { return repeat("[", depth) + repeat("]", depth); }

TEST(CheckJson, TakesWhatIsJson) {
  for (const char* text : {"{}", "[]", " 3 ", "\"\\\"]\"", R"({"a":{"a":[1,-2,1e-3,null,true]}})",
                           "\xEF\xBB\xBF{\"a\": 1}"}) {
    EXPECT_EQ(fault(text), "none") << text;
  }
}

TEST(CheckJson, NamesThePlaceOfAFault) {
  EXPECT_EQ(fault(""), "not valid JSON (byte 1)");
  EXPECT_EQ(fault("{\n\"a\": x}"), "not valid JSON (line 2, byte 8)");
  EXPECT_EQ(fault("{} {}"), "not valid JSON (byte 4)");
  EXPECT_EQ(fault("\"\xFF\""), "not valid JSON (byte 2)");
  EXPECT_EQ(fault("[1e999]"), "a number in it is too large (byte 6)");
}

TEST(CheckJson, BoundsTheDepth) {
  EXPECT_EQ(fault(nested(64)), "none");
  EXPECT_EQ(fault(nested(65)), "JSON that nests deeper than 64 levels");
  EXPECT_EQ(fault(repeat("[", 10'000'000)), "JSON that nests deeper than 64 levels");
  EXPECT_EQ(fault(repeat("{\"a\":", 1'000'000)), "JSON that nests deeper than 64 levels");
}

TEST(CheckJson, BoundsTheValues) {
  const JsonLimits limits{.values = 5};
  EXPECT_EQ(fault(R"({"a":1,"b":2})", limits), "none");
  EXPECT_EQ(fault("[0,0,0,0,0]", limits), "JSON of more than 5 values");
  EXPECT_EQ(fault("[[],[],[],[],[]]", limits), "JSON of more than 5 values");
  EXPECT_EQ(fault(R"({"a":1,"b":2,"c":3})", limits), "JSON of more than 5 values");
}

TEST(CheckJson, BoundsTheKeysOfOneObject) {
  const JsonLimits limits{.keys = 2};
  EXPECT_EQ(fault(R"([{"a":1,"b":2},{"a":1,"b":2}])", limits), "none");
  EXPECT_EQ(fault(R"({"a":1,"b":2,"c":3})", limits), "an object of more than 2 keys");
}

TEST(CheckJson, RefusesDoubledKeys) {
  EXPECT_EQ(fault(R"({"a":1,"\u0061":2})"), "key 'a' occurs twice");
  EXPECT_EQ(fault(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]})"), "none");
  EXPECT_LT(
      fault("{\"" + repeat("k", 1'000'000) + "\":1,\"" + repeat("k", 1'000'000) + "\":1}").size(),
      100u);
}

TEST(CheckJson, ThrowsTheSubjectsName) {
  EXPECT_NO_THROW(check_json("[1]", "f.json"));
  try {
    check_json("[", "f.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::data);
    EXPECT_STREQ(error.what(), "f.json: not valid JSON (byte 2)");
  }
}

TEST(ReadJsonFile, RefusesWhatIsNoSmallFile) {
  testing::TempDir dir;
  const auto refusal = [&](const std::filesystem::path& path) {
    try {
      read_json_file(path, 1 << 20);
      return std::string("none");
    } catch (const Error& error) {
      return std::to_string(static_cast<int>(error.fault())) + " " + error.reason();
    }
  };
  const auto written = [&](const std::string& text) {
    std::ofstream(dir / "f.json", std::ios::binary) << text;
    return refusal(dir / "f.json");
  };
  EXPECT_EQ(written("{}" + std::string((1 << 20) - 2, ' ')), "none");
  EXPECT_EQ(written("{}" + std::string(1 << 20, ' ')),
            "65 larger than 1 MiB, so it is not such a JSON file");
  EXPECT_EQ(written("[" + nested(64) + "]"), "65 JSON that nests deeper than 64 levels");
  EXPECT_EQ(refusal("/dev/zero"), "65 larger than 1 MiB, so it is not such a JSON file");
  EXPECT_EQ(refusal(dir.path()), "66 is a directory");
  EXPECT_EQ(refusal(dir / "none"), "66 No such file or directory");
  EXPECT_EQ(refusal("/proc/self/mem"), "74 Input/output error");
}

using Parts = std::vector<std::pair<std::string, std::string>>;

Parts members(std::string_view text) {
  check_json(text, "text");
  Parts parts;
  JsonMembers all(text);
  while (const auto member = all.next()) parts.emplace_back(member->key, member->value);
  return parts;
}

TEST(JsonMembers, AreThePartsOfAList) {
  EXPECT_EQ(members("[]"), Parts{});
  EXPECT_EQ(members("\xEF\xBB\xBF [ ]"), Parts{});
  EXPECT_EQ(
      members("[1, \"]\\\"\" ,{\"a\":[1,2]},\n[[3]],null]"),
      (Parts{{"", "1"}, {"", "\"]\\\"\""}, {"", "{\"a\":[1,2]}"}, {"", "[[3]]"}, {"", "null"}}));
}

TEST(JsonMembers, AreTheKeysAndValuesOfAnObject) {
  EXPECT_EQ(members("{}"), Parts{});
  EXPECT_EQ(members(R"({"a":1, "b,:" : [1, {"c": "}"}],"d":"\\"})"),
            (Parts{{"\"a\"", "1"}, {"\"b,:\"", R"([1, {"c": "}"}])"}, {"\"d\"", R"("\\")"}}));
}

}  // namespace
}  // namespace claptools
