#include "claptools/train/run_folder.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>

#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"
#include "train/tiny_model.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::read_bytes;
using testing::tiny_model;
using ::testing::UnorderedElementsAre;
using testing::write_bytes;
using Existing = RunFolder::Existing;

class RunFolderTest : public ::testing::Test {
 protected:
  Fault fault_of(Existing existing) const {
    try {
      RunFolder(path_, existing);
    } catch (const Error& error) {
      return error.fault();
    }
    return Fault{};
  }

  std::vector<std::string> names(const fs::path& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
      names.push_back(entry.path().filename());
    return names;
  }

  testing::TempDir dir_;
  fs::path path_ = dir_ / "model";
};

SavedRun saved_run() {
  SavedRun run;
  run.state = testing::one_weight(3);
  run.done = {70, 2};
  run.best = 0.625;
  run.options = "lr=0.1\nMANIFEST=a.json\n";
  return run;
}

TEST_F(RunFolderTest, LooksBeforeItChangesAnything) {
  EXPECT_EQ(fault_of(Existing::refuse), Fault{});
  EXPECT_EQ(fault_of(Existing::replace), Fault{});
  EXPECT_EQ(fault_of(Existing::resume), Fault::no_input);
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(RunFolderTest, RefusesWhatIsThere) {
  fs::create_directory(path_);
  write_bytes(path_ / "file", "precious");
  EXPECT_EQ(fault_of(Existing::refuse), Fault::cannot_create);
  EXPECT_EQ(fault_of(Existing::replace), Fault::cannot_create);
  EXPECT_EQ(fault_of(Existing::resume), Fault::no_input);
}

/// A run leaves one if the power goes before its first file.
TEST_F(RunFolderTest, TakesAnEmptyFolder) {
  fs::create_directory(path_);
  EXPECT_EQ(fault_of(Existing::replace), Fault{});
  const RunFolder folder(path_, Existing::refuse);
  folder.create();
  EXPECT_TRUE(fs::exists(path_ / "training"));
  EXPECT_EQ(fault_of(Existing::refuse), Fault::cannot_create);
}

TEST_F(RunFolderTest, ReplacesAModelAndARunThatNeverCameToAModel) {
  {
    const RunFolder folder(path_, Existing::refuse);
    folder.create();
    write_bytes(folder.log_file(), "a step\n");
  }
  EXPECT_EQ(fault_of(Existing::replace), Fault{});
  EXPECT_EQ(fault_of(Existing::resume), Fault{});
  fs::remove_all(path_ / "training");
  write_bytes(path_ / "config.json", format_config({}));
  EXPECT_EQ(fault_of(Existing::replace), Fault{});
  EXPECT_EQ(fault_of(Existing::resume), Fault::no_input);
}

TEST_F(RunFolderTest, RefusesFilesThatNoTrainingWrote) {
  const RunFolder folder(path_, Existing::refuse);
  folder.create();
  folder.write_model(tiny_model(dir_.path(), 1), true);
  folder.save(saved_run());
  for (const char* name : {"training/clip.wav", "training/last/notes.txt", "training/.hidden"}) {
    write_bytes(path_ / name, "precious");
    EXPECT_EQ(fault_of(Existing::replace), Fault::cannot_create) << name;
    fs::remove(path_ / name);
  }
  fs::create_directories(path_ / "training/clips");
  EXPECT_EQ(fault_of(Existing::replace), Fault::cannot_create);
  fs::remove(path_ / "training/clips");
  fs::create_symlink("log.jsonl", path_ / "training/curve.png");
  EXPECT_EQ(fault_of(Existing::replace), Fault::cannot_create);
  fs::remove(path_ / "training/curve.png");
  EXPECT_EQ(fault_of(Existing::replace), Fault{});
}

TEST_F(RunFolderTest, RefusesAFolderOfAnotherProgram) {
  for (const char* config : {"{}", R"({"name": "web app"})", R"({"model_type": "bert"})", "[1]"}) {
    fs::create_directories(path_ / "training");
    write_bytes(path_ / "config.json", config);
    EXPECT_EQ(fault_of(Existing::replace), Fault::cannot_create) << config;
    fs::remove_all(path_);
  }
}

TEST_F(RunFolderTest, IsLockedFromItsBeginning) {
  const RunFolder folder(path_, Existing::refuse);
  folder.create();
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      RunFolder(path_, Existing::replace).create();
    } catch (const Error& error) {
      ::_exit(static_cast<int>(error.fault()));
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 73);
}

/// As after a mistyped --audio-root.
TEST_F(RunFolderTest, ARunThatDidNothingLeavesNothing) {
  {
    const RunFolder folder(dir_ / "deep/model", Existing::refuse);
    folder.create();
    write_bytes(folder.log_file(), "");
  }
  EXPECT_FALSE(fs::exists(dir_ / "deep"));
  {
    const RunFolder folder(path_, Existing::refuse);
    folder.create();
    write_bytes(folder.log_file(), "a step\n");
  }
  EXPECT_TRUE(fs::exists(path_ / "training/log.jsonl"));
}

TEST_F(RunFolderTest, ANewRunRemovesTheOldOneButNotItsModel) {
  const RunFolder folder(path_, Existing::refuse);
  folder.create();
  folder.write_model(tiny_model(dir_.path(), 1), true);
  folder.save(saved_run());
  write_bytes(folder.log_file(), "old");
  {
    const RunFolder fresh(path_, Existing::replace);
    fresh.create();
    write_bytes(fresh.log_file(), "new");
  }
  EXPECT_EQ(read_bytes(path_ / "training/log.jsonl"), "old") << "the new one came to nothing";
  const RunFolder fresh(path_, Existing::replace);
  fresh.create();
  write_bytes(fresh.log_file(), "new");
  EXPECT_EQ(read_bytes(path_ / "training/log.jsonl"), "old");
  fresh.save(saved_run());
  EXPECT_EQ(read_bytes(path_ / "training/log.jsonl"), "new");
  EXPECT_EQ(fresh.log_file(), path_ / "training/log.jsonl");
  EXPECT_THAT(names(path_ / "training"), UnorderedElementsAre("log.jsonl", "state.safetensors"));
  EXPECT_THAT(names(path_),
              UnorderedElementsAre("config.json", "model.safetensors", "vocab.txt", "training"));
}

TEST_F(RunFolderTest, TheBestWeightsStayWhileTheLastGoOn) {
  const RunFolder folder(path_, Existing::refuse);
  folder.create();
  folder.write_model(tiny_model(dir_.path(), 1), true);
  folder.write_model(tiny_model(dir_.path(), 2), false);
  EXPECT_EQ(testing::weight_of(path_), 1);
  EXPECT_EQ(testing::weight_of(path_ / "training/last"), 2);
  EXPECT_THAT(names(path_),
              UnorderedElementsAre("config.json", "model.safetensors", "vocab.txt", "training"));
}

/// A folder that a crash left without its config.json is written all the same.
TEST_F(RunFolderTest, CompletesAHalfWrittenModel) {
  const RunFolder folder(path_, Existing::refuse);
  folder.create();
  folder.write_model(tiny_model(dir_.path(), 1), true);
  fs::remove(path_ / "training/last/config.json");
  folder.write_model(tiny_model(dir_.path(), 2), false);
  EXPECT_EQ(testing::weight_of(path_ / "training/last"), 2);
}

TEST_F(RunFolderTest, RemovesWhatAKilledProcessWasWriting) {
  const RunFolder folder(path_, Existing::refuse);
  folder.create();
  write_bytes(path_ / ".model.safetensors.part-1", "");
  write_bytes(path_ / "training/.state.safetensors.part-1", "");
  write_bytes(path_ / ".hidden", "");
  folder.remove_leftovers();
  EXPECT_THAT(names(path_), UnorderedElementsAre(".hidden", "training"));
  EXPECT_THAT(names(path_ / "training"), UnorderedElementsAre());
}

TEST_F(RunFolderTest, GivesBackWhatWasSaved) {
  const RunFolder folder(path_, Existing::refuse);
  folder.create();
  EXPECT_FALSE(folder.load()) << "stopped before the first state";
  folder.save(saved_run());
  const auto back = RunFolder(path_, Existing::resume).load();
  ASSERT_TRUE(back);
  EXPECT_EQ(back->done.steps, 70U);
  EXPECT_EQ(back->done.epochs, 2U);
  EXPECT_EQ(back->best, 0.625);
  EXPECT_EQ(back->options, saved_run().options);
  EXPECT_EQ(testing::weight_of(back->state), 3);
}

TEST_F(RunFolderTest, KeepsThatThereIsNoBestYet) {
  SavedRun run = saved_run();
  run.best = std::nan("");
  const RunFolder folder(path_, Existing::refuse);
  folder.create();
  folder.save(run);
  EXPECT_TRUE(std::isnan(folder.load()->best));
}

TEST_F(RunFolderTest, NamesWhatIsDamagedInAState) {
  const RunFolder folder(path_, Existing::refuse);
  folder.create();
  const fs::path state = path_ / "training/state.safetensors";
  for (const char* name : {"run/steps", "run/epochs", "run/best", "run/options"}) {
    folder.save(saved_run());
    WeightSet set = read_safetensors(state);
    set.tensors.erase(name);
    write_safetensors(state, set);
    try {
      folder.load();
      ADD_FAILURE() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::data);
      EXPECT_THAT(error.what(), HasSubstr(name));
    }
  }
  write_bytes(state, read_bytes(state).substr(0, 40));
  EXPECT_THROW(folder.load(), Error);
}

}  // namespace
}  // namespace claptools
