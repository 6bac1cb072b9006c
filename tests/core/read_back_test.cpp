// A file system that loses bytes without a word: nothing may appear under the file's name.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "claptools/core/error.hpp"
#include "claptools/core/files/atomic_file.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::TempDir;

void write_text(AtomicFile& file, const std::string& text) {
  file.write(std::as_bytes(std::span(text)));
}

/// What is thrown when `spoil` has had the written file's descriptor.
std::string refusal(const std::string& text, const std::function<void(int)>& spoil) {
  const TempDir folder;
  try {
    AtomicFile file(folder / "a.bin");
    write_text(file, text);
    spoil(file.descriptor());
    file.commit();
    return "committed";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::io);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    return error.reason();
  }
}

constexpr const char* kLost = "cannot be read back after writing";

TEST(AtomicFileReadBack, EmptyFileIsNoResult) {
  EXPECT_EQ(refusal("text", [](int file) { EXPECT_EQ(ftruncate(file, 0), 0); }), kLost);
}

TEST(AtomicFileReadBack, LostEnd) {
  const std::string text(100000, 'x');
  EXPECT_EQ(refusal(text, [](int file) { EXPECT_EQ(ftruncate(file, 99999), 0); }), kLost);
}

TEST(AtomicFileReadBack, ZeroesInPlaceOfTheHead) {
  EXPECT_EQ(refusal(std::string(100, 'x'),
                    [](int file) {
                      EXPECT_EQ(ftruncate(file, 0), 0);
                      EXPECT_EQ(ftruncate(file, 100), 0);
                    }),
            kLost);
}

TEST(AtomicFileReadBack, LateBytesOfTheHead) {
  EXPECT_EQ(refusal(std::string(50, 'x'), [](int file) { EXPECT_EQ(pwrite(file, "y", 1, 49), 1); }),
            kLost);
}

TEST(AtomicFileReadBack, WhatIsThereIsPublished) {
  const TempDir folder;
  for (const std::size_t size : {0, 1, 63, 64, 65, 200000}) {
    std::string text;
    AtomicFile file(folder / "a.bin");
    while (text.size() < size) {
      const std::string piece(std::min<std::size_t>(size - text.size(), 40000), 'a');
      write_text(file, piece);
      text += piece;
    }
    file.commit();
    EXPECT_TRUE(testing::read_bytes(folder / "a.bin") == text) << size;
  }
}

/// What its writer takes back need not be there.
TEST(AtomicFileReadBack, Truncated) {
  const TempDir folder;
  for (const std::size_t left : {0, 30, 90}) {
    AtomicFile file(folder / "a.bin");
    write_text(file, std::string(100, 'x'));
    file.truncate(left);
    write_text(file, std::string(50, 'y'));
    file.commit();
    EXPECT_EQ(testing::read_bytes(folder / "a.bin"), std::string(left, 'x') + std::string(50, 'y'));
  }
}

}  // namespace
}  // namespace claptools
