#include "claptools/core/strings/lines.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

std::string failure(const std::string& text, bool names = false, char end = '\n') {
  std::istringstream in(text);
  LineReader lines(in, "t.txt", end);
  try {
    for (std::string line; names ? lines.next_name(line) : lines.next_text(line);) continue;
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::data);
    return e.reason().substr(0, e.reason().find(';'));
  }
  return "no error";
}

/// A tar file's first blocks, about.
std::string tar_start() {
  std::string block(1024, '\0');
  block.replace(0, 5, "a.wav").replace(257, 5, "ustar");
  return block;
}

TEST(Lines, NumbersLinesAndDropsTheirEnds) {
  std::istringstream in("\xEF\xBB\xBFone\r\n\ntwo");
  LineReader lines(in, "t.txt");
  std::string line;
  ASSERT_TRUE(lines.next_text(line));
  EXPECT_EQ(line, "one");
  ASSERT_TRUE(lines.next_text(line));
  EXPECT_EQ(line, "");
  ASSERT_TRUE(lines.next_text(line));
  EXPECT_EQ(line, "two");
  EXPECT_EQ(lines.number(), 3U);
  EXPECT_FALSE(lines.next_text(line));
}

TEST(Lines, RefusesOtherEncodings) {
  EXPECT_EQ(failure("x\ncaf\xE9\n"), "line 2, byte 4: not UTF-8 (\\xe9)");              // Latin-1
  EXPECT_EQ(failure("\x93quoted\x94\n"), "line 1, byte 1: not UTF-8 (\\x93)");          // CP1252
  EXPECT_EQ(failure("a\xC0\xAF"), "line 1, byte 2: not UTF-8 (\\xc0)");                 // overlong
  EXPECT_EQ(failure("\xED\xA0\xBD\xED\xB8\x80"), "line 1, byte 1: not UTF-8 (\\xed)");  // CESU-8
  EXPECT_EQ(failure("a\n\xF4\x90\x80\x80"), "line 2, byte 1: not UTF-8 (\\xf4)");       // too large
  EXPECT_EQ(failure("ab\xE2\x82"), "line 1, byte 3: not UTF-8 (\\xe2)");                // cut off
  for (const char* mark : {"\xFF\xFE", "\xFE\xFF"})
    EXPECT_EQ(failure(mark + std::string("a\0\n\0", 4)), "line 1, byte 1: UTF-16, not UTF-8");
  EXPECT_EQ(failure(std::string("a\0b\n", 4)), "line 1, byte 2: a NUL, which is not text");
  EXPECT_EQ(failure("caf\xC3\xA9 \xF0\x9F\x90\x95\n"), "no error");
}

TEST(Lines, KnowBinaryFiles) {
  EXPECT_EQ(failure(tar_start(), true), "is a tar file, not lines of text");
  EXPECT_EQ(failure(tar_start(), true, '\0'), "is a tar file, not lines of text");
  EXPECT_EQ(failure(tar_start()), "is a tar file, not lines of text");
  EXPECT_EQ(failure(std::string("\x89HDF\r\n\x1A\n\0\0", 10), true),
            "is an HDF5 file, not lines of text");
  EXPECT_EQ(failure(std::string("RIFF\x24\0\0\0WAVEfmt ", 16), true),
            "is a recording, not lines of text");
  EXPECT_EQ(failure(std::string("a.wav\0b.wav\0", 12), true),
            "line 1, byte 6: a NUL, which is not text");
  EXPECT_EQ(failure("ID3.wav\nFORM.wav\ncaf\xE9.wav\n", true), "no error");  // names are bytes
  EXPECT_EQ(failure(std::string("ID3.wav\0BZh.wav\0", 16), true, '\0'), "no error");
}

TEST(Lines, RefuseALineWithoutEnd) {
  EXPECT_EQ(failure(std::string((16 << 20) + 1, 'x')), "line 1 is longer than 16 MiB");
}

TEST(InputStream, TellsWhyItCannotRead) {
  const testing::TempDir dir;
  const auto fault_of = [](const std::string& path) {
    try {
      InputStream in(path);
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::no_input);
      return e.reason();
    }
    return std::string("no error");
  };
  EXPECT_EQ(fault_of(dir / "none"), "No such file or directory");
  EXPECT_EQ(fault_of(dir.path()), "is a directory");
  // A read that fails: this process's memory has nothing at address 0.
  InputStream in("/proc/self/mem");
  std::string line;
  EXPECT_THROW(std::getline(in, line), Error);
  try {
    InputStream again("/proc/self/mem");
    LineReader lines(again, again.subject());
    lines.next(line);
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::io);
    EXPECT_STREQ(e.what(), "/proc/self/mem: Input/output error");
  }
}

TEST(InputStream, ReadsAPipeOnceAndStopsWhenToldTo) {
  const testing::TempDir dir;
  const std::string path = dir / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    std::ofstream out(path);
    out << "one\n" << std::flush;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    stop = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));  // holds the pipe open
  });
  InputStream in(path, &stop);
  std::string line;
  EXPECT_TRUE(std::getline(in, line));
  EXPECT_EQ(line, "one");
  EXPECT_FALSE(std::getline(in, line));
  EXPECT_TRUE(stop);
  writer.join();
}

}  // namespace
}  // namespace claptools
