#include "claptools/store/hdf5/own_file.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "claptools/core/error.hpp"
#include "claptools/store/ann_file.hpp"
#include "claptools/store/scores/score_file.hpp"
#include "store/example_rows.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::ExampleRows;
using testing::read_bytes;
using testing::store_data;
using testing::TempDir;
using testing::write_bytes;

/// Whether all writers leave it alone, and say why.
bool is_refused(const std::string& path) {
  const std::string before = read_bytes(path);
  try {
    EmbeddingWriter writer(path, ExampleRows::header(4), true);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::cannot_create);
    EXPECT_EQ(error.subject(), path);
    EXPECT_THAT(error.reason(), ::testing::StartsWith("is not a file that these tools wrote"));
    EXPECT_THROW(AnnFile(path, 4, 2, true), Error);
    EXPECT_THROW(write_scores(path, {}, true), Error);
    EXPECT_EQ(read_bytes(path), before);
    return true;
  }
  return false;
}

TEST(OwnFile, NothingAndEmptyFiles) {
  const TempDir folder;
  EXPECT_NO_THROW(require_own_file(folder / "none"));
  EXPECT_NO_THROW(require_own_file("-"));
  write_bytes(folder / "empty", "");
  EXPECT_FALSE(is_refused(folder / "empty"));
}

TEST(OwnFile, WhatTheseToolsWrite) {
  const TempDir folder;
  for (const char* name : {"h5py_audio.h5", "refused/incomplete.h5", "refused/new_version.h5"}) {
    std::filesystem::copy_file(store_data(name), folder / "ours",
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_FALSE(is_refused(folder / "ours")) << name;
  }
  AnnFile(folder / "ann", 4, 2, false).commit();
  EXPECT_FALSE(is_refused(folder / "ann"));
}

TEST(OwnFile, FilesOfOthersAndDamagedOnes) {
  const TempDir folder;
  const std::string ours = read_bytes(store_data("h5py_audio.h5"));
  for (const std::string& bytes : {std::string("notes\n"), std::string(4096, '\0'),
                                   ours.substr(0, ours.size() - 1), ours.substr(0, 8)}) {
    write_bytes(folder / "theirs", bytes);
    EXPECT_TRUE(is_refused(folder / "theirs")) << bytes.size();
  }
  std::filesystem::copy_file(store_data("refused/no_format.h5"), folder / "foreign");
  EXPECT_TRUE(is_refused(folder / "foreign"));
  std::filesystem::create_symlink("theirs", folder / "link");
  EXPECT_TRUE(is_refused(folder / "link"));
}

}  // namespace
}  // namespace claptools
