// What happens when the disk is full or the reader of a pipe has gone: each case in a child
// process, because it changes descriptors and limits, and because HDF5 works on at the end of a
// process.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <functional>

#include "claptools/core/error.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/scores/score_file.hpp"
#include "store/example_rows.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::ExampleRows;
using testing::read_bytes;
using testing::TempDir;

/// Runs `action` in a child with descriptor `number` on `file`, standard error into a file of its
/// own, and lets the child end as a program does.
struct Child {
  TempDir folder;
  int status = 0;
  std::string message;  ///< of the Error thrown, with its exit code
  std::string printed;  ///< on standard error

  Child(int number, const std::string& file, int flags, const std::function<void()>& action) {
    const pid_t child = fork();
    if (child == 0) {
      dup2(open(file.c_str(), flags, 0600), number);
      dup2(open((folder / "stderr").c_str(), O_CREAT | O_WRONLY, 0600), STDERR_FILENO);
      std::signal(SIGPIPE, SIG_IGN);
      std::signal(SIGXFSZ, SIG_IGN);
      std::exit(run(action));
    }
    waitpid(child, &status, 0);
    printed = read_bytes(folder / "stderr");
    if (std::filesystem::exists(folder / "message")) message = read_bytes(folder / "message");
  }

 private:
  int run(const std::function<void()>& action) const {
    try {
      action();
      return 0;
    } catch (const Error& error) {
      const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
      setrlimit(RLIMIT_FSIZE, &none);
      testing::write_bytes(folder / "message", error.what());
      return static_cast<int>(error.fault());
    }
  }
};

void write_rows(const std::string& path, std::size_t count) {
  ExampleRows rows(count, 1024);
  EmbeddingWriter writer(path, ExampleRows::header(1024), false);
  writer.append(rows.all());
  writer.commit();
}

TEST(OutputFault, StandardOutputCarriesTheSameBytes) {
  const TempDir folder;
  write_rows(folder / "a.h5", 600);
  const Child child(STDOUT_FILENO, folder / "out.h5", O_CREAT | O_WRONLY,
                    [] { write_rows("-", 600); });
  EXPECT_EQ(child.status, 0);
  EXPECT_EQ(child.printed, "");
  EXPECT_EQ(EmbeddingReader(folder / "out.h5").rows(), 600U);
  EXPECT_TRUE(read_bytes(folder / "a.h5") == read_bytes(folder / "out.h5"));
}

TEST(OutputFault, StandardInputAndPipesAreRead) {
  const TempDir folder;
  write_rows(folder / "a.h5", 600);
  const auto read = [] {
    const EmbeddingReader reader("-");
    if (reader.embeddings(0, reader.rows()).rows != 600)
      throw Error(Fault::internal, "rows", "lost");
  };
  const Child child(STDIN_FILENO, folder / "a.h5", O_RDONLY, read);
  EXPECT_EQ(child.status, 0) << child.message;
  const Child empty(STDIN_FILENO, "/dev/null", O_RDONLY, read);
  EXPECT_EQ(empty.message, "standard input: not an HDF5 file");
  EXPECT_THROW(EmbeddingReader("/dev/null"), Error);
}

TEST(OutputFault, FullDeviceOnStandardOutput) {
  const Child child(STDOUT_FILENO, "/dev/full", O_WRONLY, [] { write_rows("-", 10); });
  EXPECT_EQ(WEXITSTATUS(child.status), 74);
  EXPECT_EQ(child.message, "standard output: No space left on device");
  EXPECT_EQ(child.printed, "");
}

TEST(OutputFault, ClosedPipeOnStandardOutput) {
  const Child child(STDOUT_FILENO, "/dev/null", O_WRONLY, [] {
    int ends[2];
    if (pipe(ends) != 0) throw Error(Fault::internal, "pipe", "failed");
    close(ends[0]);
    dup2(ends[1], STDOUT_FILENO);
    write_rows("-", 10);
  });
  EXPECT_EQ(child.message, "standard output: Broken pipe");
  EXPECT_EQ(child.printed, "");
}

/// A file that may not grow past a limit fails as on a full disk, early or late in its making.
TEST(OutputFault, FileThatCannotGrow) {
  const TempDir folder;
  write_rows(folder / "whole.h5", 1000);
  const std::size_t whole = std::filesystem::file_size(folder / "whole.h5");
  std::filesystem::remove(folder / "whole.h5");
  for (std::size_t limit = 0; limit < whole; limit += whole / 60) {
    const Child child(STDOUT_FILENO, "/dev/null", O_WRONLY, [&] {
      const rlimit small{limit, RLIM_INFINITY};
      setrlimit(RLIMIT_FSIZE, &small);
      write_rows(folder / "a.h5", 1000);
    });
    EXPECT_TRUE(WIFEXITED(child.status)) << limit;
    EXPECT_EQ(WEXITSTATUS(child.status), 74) << limit;
    EXPECT_THAT(child.message, ::testing::EndsWith("a.h5: File too large")) << limit;
    EXPECT_EQ(child.printed, "") << limit;
    EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << limit;
  }
}

TEST(OutputFault, ScoresThatCannotBeWritten) {
  const TempDir folder;
  Scores scores;
  scores.ids = {"a"};
  scores.classes.resize(100000);
  for (std::size_t i = 0; i < scores.classes.size(); ++i) scores.classes[i] = std::to_string(i);
  scores.scores = Matrix(1, scores.classes.size());
  const Child child(STDOUT_FILENO, "/dev/null", O_WRONLY, [&] {
    const rlimit small{300000, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &small);
    write_scores(folder / "s.h5", scores, false);
  });
  EXPECT_EQ(WEXITSTATUS(child.status), 74);
  EXPECT_EQ(child.printed, "");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace claptools
