#include "claptools/core/files/output_lock.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

/// The fault with which another process is refused, 0 if it is not.
int in_another_process(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    int fault = 0;
    try {
      work();
    } catch (const Error& error) {
      fault =
          error.reason() == "another process is writing it" ? static_cast<int>(error.fault()) : 1;
    }
    ::_exit(fault);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

class OutputLockTest : public ::testing::Test {
 protected:
  int other(const fs::path& path) const {
    return in_another_process([&] { const OutputLock lock(path); });
  }
  bool is_empty() const { return fs::is_empty(dir_.path()); }

  testing::TempDir dir_;
  fs::path path_ = dir_ / "out.h5";
};

TEST_F(OutputLockTest, RefusesAnotherProcessWhileItLives) {
  {
    const OutputLock lock(path_);
    EXPECT_EQ(other(path_), 73);
    EXPECT_EQ(other(dir_ / "other.h5"), 0);
  }
  EXPECT_EQ(other(path_), 0);
  EXPECT_TRUE(is_empty());
}

TEST_F(OutputLockTest, IsSharedWithinAProcess) {
  auto first = std::make_unique<OutputLock>(path_);
  const OutputLock second(path_);
  first.reset();
  EXPECT_EQ(other(path_), 73);
}

TEST_F(OutputLockTest, IsOneForAllSpellingsOfAFolder) {
  fs::create_directory(dir_ / "folder");
  fs::create_directory_symlink(dir_ / "folder", dir_ / "link");
  const OutputLock lock(dir_ / "folder");
  EXPECT_EQ(other(dir_ / "folder/"), 73);
  EXPECT_EQ(other(dir_ / "folder/."), 73);
  EXPECT_EQ(other(dir_ / "link"), 73);
}

TEST_F(OutputLockTest, TellsNamesApartThatAgreeInTheirBeginning) {
  const std::string common(240, 'n');
  const OutputLock lock(dir_ / (common + "a"));
  EXPECT_EQ(other(dir_ / (common + "b")), 0);
  EXPECT_EQ(other(dir_ / (common + "a")), 73);
}

TEST_F(OutputLockTest, TakesOverWhatAKillLeft) {
  EXPECT_EQ(in_another_process([&] {
              new OutputLock(path_);  // never destroyed, as in a process that is killed
            }),
            0);
  EXPECT_FALSE(is_empty());
  { const OutputLock lock(path_); }
  EXPECT_TRUE(is_empty());
}

TEST_F(OutputLockTest, SaysWhyAnOutputCannotBe) {
  const auto fault_of = [](const fs::path& path) {
    try {
      const OutputLock lock(path);
    } catch (const Error& error) {
      return error.fault();
    }
    return Fault{};
  };
  fs::create_symlink(dir_ / "loop", dir_ / "loop");
  EXPECT_EQ(fault_of(dir_ / "loop"), Fault::cannot_create);
  EXPECT_EQ(fault_of(dir_ / std::string(256, 'n')), Fault::cannot_create);
  EXPECT_EQ(fault_of(dir_ / "none/out.h5"), Fault::cannot_create);
  EXPECT_EQ(fault_of("/"), Fault::cannot_create);
}

/// Of many processes that want it at once, each either has it alone or is refused.
TEST_F(OutputLockTest, ExcludesWhileFilesComeAndGo) {
  constexpr int kProcesses = 6;
  const fs::path inside = dir_ / "inside";
  std::array<pid_t, kProcesses> children{};
  for (pid_t& child : children) {
    child = ::fork();
    if (child != 0) continue;
    for (int i = 0; i < 300; ++i) {
      try {
        const OutputLock lock(path_);
        if (!fs::create_directory(inside)) ::_exit(1);
        fs::remove(inside);
      } catch (const Error&) {
      }
    }
    ::_exit(0);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_TRUE(is_empty());
}

}  // namespace
}  // namespace claptools
