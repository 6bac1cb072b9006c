#include "claptools/core/files/atomic_file.hpp"

#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <set>

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::read_bytes;
using testing::write_bytes;

class AtomicFileTest : public ::testing::Test {
 protected:
  std::set<std::string> names() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(dir_.path())) {
      names.insert(entry.path().filename());
    }
    return names;
  }
  void put(std::string_view text) const {
    AtomicFile file(path_);
    file.write(std::as_bytes(std::span(text)));
    file.commit();
  }
  mode_t mode() const {
    struct stat status {};
    ::stat(path_.c_str(), &status);
    return status.st_mode & 07777;
  }

  testing::TempDir dir_;
  fs::path path_ = dir_ / "out.txt";
};

TEST_F(AtomicFileTest, KeepsTheModeOfWhatItReplaces) {
  write_bytes(path_, "secret");
  for (const mode_t kept : {0600, 0640, 0666}) {
    ::chmod(path_.c_str(), kept);
    put("new");
    EXPECT_EQ(mode(), kept);
  }
  EXPECT_EQ(read_bytes(path_), "new");
}

TEST_F(AtomicFileTest, RemovesWhatDeadProcessesLeft) {
  write_bytes(dir_ / ".out.txt.part-0123abcd", "");
  write_bytes(dir_ / ".out.txt.part-4711", "");  // as before names were random
  write_bytes(dir_ / ".out.txt.part-4711.1", "");
  fs::create_directories(dir_ / ".out.txt.part-89abcdef" / "last");
  write_bytes(dir_ / ".out.txt.part-89abcdef" / "last" / "x", "");
  put("new");
  EXPECT_THAT(names(), ElementsAre("out.txt"));
  write_bytes(dir_ / ".out.txt.lock", "");
  remove_abandoned(path_);
  EXPECT_THAT(names(), ElementsAre("out.txt"));
}

TEST_F(AtomicFileTest, LeavesWhatIsNotSuch) {
  write_bytes(dir_ / ".out.txt.part-notes.txt", "");
  write_bytes(dir_ / ".out.txt.parts", "");
  write_bytes(dir_ / ".out.txt.part-", "");
  write_bytes(dir_ / ".other.txt.part-0123abcd", "");
  fs::create_symlink("out.txt", dir_ / ".out.txt.part-aaaaaaaa");
  const auto before = names();
  put("new");
  EXPECT_EQ(names().size(), before.size() + 1);
}

TEST_F(AtomicFileTest, LeavesWhatALivingProcessHolds) {
  const fs::path held = dir_ / ".out.txt.part-0123abcd";
  write_bytes(held, "");
  const int file = ::open(held.c_str(), O_RDONLY);
  ASSERT_EQ(::flock(file, LOCK_EX), 0);
  put("new");
  EXPECT_TRUE(fs::exists(held));
  ::close(file);
  put("new");
  EXPECT_FALSE(fs::exists(held));
}

TEST_F(AtomicFileTest, RefusesTwoProcesses) {
  const AtomicFile file(path_);
  const pid_t child = ::fork();
  if (child == 0) {
    int fault = 0;
    try {
      const AtomicFile second(path_);
    } catch (const Error& error) {
      fault = static_cast<int>(error.fault());
    }
    ::_exit(fault);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 73);
}

TEST_F(AtomicFileTest, IsRemovedByAHandlerAndWhatReplacesItStays) {
  {
    AtomicFile file(path_);
    remove_scratch();
    EXPECT_TRUE(names().empty());
    EXPECT_THROW(file.commit(), Error);
  }
  put("whole");
  remove_scratch();
  EXPECT_EQ(read_bytes(path_), "whole");
}

TEST_F(AtomicFileTest, TakesNamesOfAnyLengthThatAFileMayHave) {
  path_ = dir_ / std::string(255, 'n');
  put("long");
  EXPECT_EQ(read_bytes(path_), "long");
}

class ScratchFolderTest : public AtomicFileTest {
 protected:
  fs::path folder_ = dir_ / "folder";
};

TEST_F(ScratchFolderTest, AppearsWholeAndGoesWithItsObject) {
  {
    ScratchFolder scratch(folder_);
    write_bytes(scratch.path() / "a", "a");
    remove_abandoned(folder_);
    EXPECT_TRUE(fs::exists(scratch.path() / "a")) << "it is in use";
    scratch.publish(false);
  }
  EXPECT_THAT(names(), ElementsAre("folder"));
  { const ScratchFolder unpublished(folder_); }
  EXPECT_THAT(names(), ElementsAre("folder"));
}

TEST_F(ScratchFolderTest, ChangesPlacesWithTheOldOne) {
  fs::create_directory(folder_);
  ::chmod(folder_.c_str(), 0700);
  write_bytes(folder_ / "old", "old");
  {
    ScratchFolder scratch(folder_);
    write_bytes(scratch.path() / "new", "new");
    scratch.publish(true);
    EXPECT_TRUE(fs::exists(scratch.path() / "old"));
  }
  EXPECT_THAT(names(), ElementsAre("folder"));
  EXPECT_TRUE(fs::exists(folder_ / "new"));
  EXPECT_FALSE(fs::exists(folder_ / "old"));
  struct stat status {};
  ::stat(folder_.c_str(), &status);
  EXPECT_EQ(status.st_mode & 07777, 0700U);
}

TEST_F(ScratchFolderTest, ReplacesNothingUnasked) {
  fs::create_directory(folder_);
  write_bytes(folder_ / "old", "old");
  ScratchFolder scratch(folder_);
  EXPECT_THROW(scratch.publish(false), Error);
  EXPECT_TRUE(fs::exists(folder_ / "old"));
}

TEST_F(ScratchFolderTest, IsFoundWhereAStopBetweenTwoRenamesLeftIt) {
  fs::create_directory(dir_ / ".folder.old");
  EXPECT_EQ(current_folder(folder_), dir_ / ".folder.old");
  EXPECT_EQ(current_folder(folder_ / ""), dir_ / ".folder.old");
  restore_folder(folder_);
  EXPECT_TRUE(fs::is_directory(folder_));
  EXPECT_EQ(current_folder(folder_), folder_);
}

TEST_F(ScratchFolderTest, GoesWithTheFoldersInIt) {
  const ScratchFolder scratch(folder_);
  fs::create_directory(scratch.path() / "last");
  write_bytes(scratch.path() / "last" / "x", "x");
  remove_scratch();
  EXPECT_TRUE(names().empty());
}

}  // namespace
}  // namespace claptools
