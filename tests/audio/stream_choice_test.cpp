// Several streams in a file, the clock of its container, and chains of streams.
#include "claptools/audio/stream_choice.hpp"

#include <gmock/gmock.h>

#include "audio/audio_files.hpp"
#include "claptools/core/error.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kAudioData;
using testing::read_all;

struct Sound {
  std::size_t samples = 0;
  double start_s = 0;
  std::string warning = {};
};

Sound read(const char* name, const char* stream = "best") {
  AudioReader reader(kAudioData / name, 32000, parse_stream_choice(stream));
  std::vector<float> buffer(1 << 16);
  const std::size_t samples = reader.read(buffer);
  EXPECT_EQ(reader.read(buffer), 0U);
  return {samples, reader.start_s(), reader.warning()};
}

std::string refusal(const char* name, const char* stream) {
  try {
    read(name, stream);
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::data);
    return e.reason();
  }
  return "read";
}

TEST(StreamChoice, IsANumberOrALanguage) {
  EXPECT_TRUE(parse_stream_choice("best").is_best());
  EXPECT_EQ(parse_stream_choice("0").number, 0);
  EXPECT_EQ(parse_stream_choice("12").number, 12);
  EXPECT_EQ(parse_stream_choice("eng").language, "eng");
  for (const char* word : {"", "-1", "1.5", "1x", "10000", "english", "a:1", "x"}) {
    SCOPED_TRACE(word);
    testing::message_of(Fault::usage, [&] { parse_stream_choice(word); });
  }
}

TEST(StreamChoice, TakesTheStreamThatWasAskedFor) {
  EXPECT_EQ(read("clock.mkv", "0").samples, 9600U);
  EXPECT_EQ(read("clock.mkv", "1").samples, 12800U);
  EXPECT_EQ(read("clock.mkv", "ENG").samples, 9600U);
  EXPECT_EQ(read("clock.mkv", "deu").samples, 12800U);
  EXPECT_EQ(read("tone.wav", "0").samples, 9600U);
  EXPECT_THAT(refusal("clock.mkv", "2"), HasSubstr("no audio stream 2: they are counted from 0"));
  EXPECT_THAT(refusal("clock.mkv", "fra"), HasSubstr("in 'fra': there is eng, deu"));
  EXPECT_THAT(refusal("tone.wav", "eng"), HasSubstr("one without a language"));
}

TEST(ContainerClock, TellsWhenTheFirstSampleSounds) {
  EXPECT_DOUBLE_EQ(read("clock.mkv", "eng").start_s, 0.5);
  EXPECT_DOUBLE_EQ(read("clock.mkv", "deu").start_s, 0.2);
  EXPECT_NEAR(read("clock.mp4").start_s, 0.476, 0.001);
  for (const char* name : {"tone.wav", "tone.mp3", "tone.ogg", "tone.m4a", "video.mp4", "tone.webm",
                           "live.webm", "gap.mka"}) {
    EXPECT_NEAR(read(name).start_s, 0, 0.001) << name;
  }
}

TEST(ContainerClock, GapsAreTold) {
  const Sound gap = read("gap.mka");
  EXPECT_EQ(gap.samples, 7104U * 4);
  EXPECT_THAT(gap.warning, HasSubstr("jump, by 0.512000 s in all and first at 0.512000 s"));
  for (const char* name : {"clock.mkv", "clock.mp4", "tone.m4a", "tone.webm", "live.mka"}) {
    EXPECT_THAT(read(name).warning, IsEmpty()) << name;
  }
}

/// Links of one codec, of several, with other sample rates; the same serial number in two links.
TEST(OggChain, EveryLinkIsRead) {
  const testing::TempDir folder;
  const auto bytes = [](const char* name) { return testing::read_bytes(kAudioData / name); };
  const auto length = [](const char* name) { return read_all(kAudioData / name).size(); };
  for (const char* first : {"tone.ogg", "tone.oga", "tone.spx", "tone.opus"}) {
    for (const char* second : {"tone.oga", "tone.spx", "tone.ogg", "tone.opus"}) {
      const auto file = folder / "chain.ogg";
      testing::write_bytes(file, bytes(first) + bytes(second) + bytes(first));
      const double samples = static_cast<double>(2 * length(first) + length(second));
      EXPECT_NEAR(static_cast<double>(read_all(file).size()), samples, 2) << first << second;
      AudioReader skipped(file, 32000);
      EXPECT_EQ(skipped.skip_rest([] { return true; }), read_all(file).size());
    }
  }
  EXPECT_EQ(read_all(kAudioData / "chained.ogg").size(), 19725U);
}

}  // namespace
}  // namespace claptools
