#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "audio/audio_files.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::kAudioData;
using testing::read_all;

TEST(Streaming, ChunksDoNotChangeABit) {
  for (const char* name : {"tone.wav", "tone.ogg", "tone.mp3"}) {
    const auto whole = read_all(kAudioData / name);
    for (const std::size_t chunk : {1, 7, 4096}) {
      EXPECT_EQ(read_all(kAudioData / name, 32000, chunk), whole) << name << " by " << chunk;
    }
  }
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// Ten minutes of eight channels: 460 MB on disk if it were not sparse, 77 MB of mono output.
TEST(Streaming, MemoryDoesNotGrowWithTheLength) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers keep freed memory";
#endif
  const testing::TempDir folder;
  const auto file = folder / "long.wav";
  constexpr std::uint32_t kFrames = 600 * 48000;
  constexpr std::uint32_t kBytes = kFrames * 8 * 2;
  testing::write_bytes(file, testing::wav_header({.channels = 8, .sample_rate = 48000}, kBytes));
  std::filesystem::resize_file(file, 44 + std::uintmax_t{kBytes});

  AudioReader reader(file, 32000);
  std::vector<float> buffer(32000);
  std::size_t samples = reader.read(buffer);
  const std::size_t before = resident_bytes();
  while (const std::size_t count = reader.read(buffer)) samples += count;
  EXPECT_EQ(samples, 600 * 32000U);
  EXPECT_LT(resident_bytes(), before + (4U << 20));
}

}  // namespace
}  // namespace claptools
