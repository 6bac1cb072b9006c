#include "claptools/pipeline/streams/spooled_audio.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "support/errors.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

const std::atomic<bool> kRunning = false;

TEST(SpooledAudio, HoldsWhatAPipeBrought) {
  const testing::TempDir folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string sound(300'000, 'x');
  std::thread writer([&] { testing::write_bytes(pipe, sound); });
  const SpooledAudio spooled(pipe, kRunning);
  writer.join();
  EXPECT_EQ(testing::read_bytes(spooled.path()), sound);
  EXPECT_EQ(testing::read_bytes(spooled.path()), sound) << "again, from its beginning";
}

TEST(SpooledAudio, LeavesNothingBehind) {
  const testing::TempDir folder, room;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  ::setenv("TMPDIR", room.path().c_str(), 1);
  std::thread writer([&] { testing::write_bytes(pipe, "sound"); });
  const SpooledAudio spooled(pipe, kRunning);
  writer.join();
  ::unsetenv("TMPDIR");
  EXPECT_TRUE(fs::is_empty(room.path())) << "also while it is in use";
}

TEST(SpooledAudio, LeavesAFileWhereItIs) {
  for (const char* path : {"/etc/passwd", "/nowhere/at.wav", "/etc"})
    EXPECT_EQ(SpooledAudio(path, kRunning).path(), path);
}

TEST(SpooledAudio, NamesTheFolderThatCannotTakeIt) {
  const testing::TempDir folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  ::setenv("TMPDIR", "/proc", 1);
  const std::string message =
      testing::message_of(Fault::cannot_create, [&] { SpooledAudio(pipe, kRunning); });
  ::unsetenv("TMPDIR");
  EXPECT_THAT(message, ::testing::StartsWith("/proc: "));
}

}  // namespace
}  // namespace claptools
