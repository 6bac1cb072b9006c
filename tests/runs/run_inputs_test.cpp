// Inputs by their places, of a list and of a stream that gives them once.
#include "claptools/runs/run_inputs.hpp"

#include <gmock/gmock.h>

#include "archive/tar_files.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::HasSubstr;

class RunInputsTest : public ::testing::Test {
 protected:
  /// The recordings a.wav, b.wav ... of a tar file that is read once.
  RunInputs stream(const std::string& names) {
    std::string bytes;
    for (const char name : names)
      bytes += testing::tar_member(std::string(1, name) + ".wav", std::string(10, name));
    bytes += testing::tar_member("z.json", R"({"said": "at the end"})") +
             testing::tar_member("z.wav", "zzz") + testing::tar_end();
    testing::write_bytes(folder_ / "s.tar", bytes);
    std::vector<AudioInput> shards = {{"s", {folder_ / "s.tar"}, {}, {}, true}};
    return RunInputs(InputReader(PackedInputs(shards), {}, {&stop_}));
  }

  /// What a run noted of inputs.
  std::vector<PartInput> part_of(const std::string& names) {
    RunInputs inputs = stream(names);
    std::vector<PartInput> part;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto input = inputs.at(i);
      part.push_back({input->id, stamp_of(input->audio), input->meta});
    }
    return part;
  }

  testing::TempDir folder_;
  std::atomic<bool> stop_ = false;
};

TEST_F(RunInputsTest, GivesAListAgain) {
  RunInputs inputs(std::vector<AudioInput>{{"a", {"a"}, {}}, {"b", {"b"}, {}}});
  EXPECT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs.at(0)->id + inputs.at(1)->id + inputs.at(0)->id, "aba");
  EXPECT_FALSE(inputs.at(2));
  inputs.give_up_before(1);
  EXPECT_EQ(inputs.at(1)->id, "b");
}

TEST_F(RunInputsTest, HoldsWhatAStreamGaveAhead) {
  RunInputs inputs = stream("abc");
  EXPECT_FALSE(inputs.size());
  EXPECT_EQ(inputs.at(1)->id, "s/b.wav");
  EXPECT_EQ(inputs.at(0)->audio.streamed->bytes.size(), 10U);
  inputs.give_up_before(1);
  EXPECT_EQ(inputs.at(1)->id, "s/b.wav");
  EXPECT_EQ(inputs.columns(), std::vector<std::string>());
  EXPECT_EQ(inputs.at(3)->meta, std::vector<std::string>{"at the end"});
  EXPECT_EQ(inputs.columns(), std::vector<std::string>{"said"});
  EXPECT_FALSE(inputs.at(4));
}

TEST_F(RunInputsTest, PassesOverWhatIsMade) {
  const auto made = part_of("abc");
  RunInputs inputs = stream("abcd");
  EXPECT_TRUE(inputs.are_made(made, 0));
  inputs.give_up_before(3);
  EXPECT_EQ(inputs.at(3)->audio.streamed->bytes, std::vector<std::uint8_t>(10, 'd'));
}

TEST_F(RunInputsTest, RefusesAnotherStream) {
  const auto made = part_of("abc");
  for (const char* other : {"abd", "ab", "xbc"}) {
    RunInputs inputs = stream(other);
    const auto compare = [&] { inputs.are_made(made, 0); };
    EXPECT_THAT(testing::message_of(Fault::data, compare), HasSubstr("cannot be read again"));
  }
  RunInputs list(std::vector<AudioInput>{{"a", {"a"}, {}}});
  EXPECT_FALSE(list.are_made(made, 0)) << "what is another can be made again";
}

}  // namespace
}  // namespace claptools
