#include "claptools/runs/run_report.hpp"

#include <gmock/gmock.h>

#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

TEST(RunReport, IsALineForEachInput) {
  const PartInput input{"a.wav", {}, {}, 1.5, 0.25, ""};
  EXPECT_EQ(report_line(input, nullptr),
            "{\"id\":\"a.wav\",\"status\":\"ok\",\"audio_s\":1.5,\"wall_s\":0.25}\n");
  const InputError failure{"b.wav", "decode", "cut \xff off"};
  EXPECT_EQ(report_line({"b.wav", {}, {}, 0, 0.5, "odd"}, &failure),
            "{\"id\":\"b.wav\",\"status\":\"failed\",\"stage\":\"decode\",\"reason\":\"cut \uFFFD "
            "off\",\"warning\":\"odd\",\"audio_s\":0.0,\"wall_s\":0.5}\n");
}

TEST(RunReport, FailedInputsAreReadBackByTheirBytes) {
  const testing::TempDir folder;
  const std::string strange = "\xff\x9b\n\"\\.wav";
  const InputError failure{"", "open", "missing"};
  testing::write_bytes(folder / "r.jsonl", report_line({"a.wav", {}, {}}, nullptr) +
                                               report_line({"b.wav", {}, {}}, &failure) +
                                               report_line({strange, {}, {}}, &failure));
  EXPECT_THAT(read_failed(folder / "r.jsonl"), UnorderedElementsAre("b.wav", strange));
}

TEST(RunReport, AnotherFileIsRefusedWithItsLine) {
  const testing::TempDir folder;
  const std::string good = report_line({"a.wav", {}, {}}, nullptr);
  for (const char* bad :
       {"[1, 2]\n", "{\"id\": 3}\n", "text\n", "{\"status\": \"failed\", \"id_hex\": \"zz\"}\n"}) {
    testing::write_bytes(folder / "r.jsonl", good + bad);
    try {
      read_failed(folder / "r.jsonl");
      ADD_FAILURE() << "takes " << bad;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::data);
      EXPECT_THAT(error.reason(), HasSubstr("line 2 is not of a report"));
    }
  }
  EXPECT_THROW(read_failed(folder / "nowhere"), Error);
}

TEST(RunReport, MembersOfAShardThatWasNotListedFailedWithIt) {
  const AudioInput member{"s.tar/a.wav", {"s.tar", "a.wav"}, {}}, plain{"a.wav", {"s.tar"}, {}};
  EXPECT_TRUE(has_failed(member, {"s.tar"}));
  EXPECT_TRUE(has_failed(member, {"s.tar/a.wav"}));
  EXPECT_FALSE(has_failed(member, {"a.wav"}));
  EXPECT_TRUE(has_failed(plain, {"a.wav"}));
  EXPECT_FALSE(has_failed(plain, {"s.tar"}));
}

}  // namespace
}  // namespace claptools
