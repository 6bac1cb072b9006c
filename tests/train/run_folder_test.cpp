#include "mgaclap/train/run_folder.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "mgaclap/core/error.hpp"
#include "mgaclap/weights/safetensors.hpp"
#include "support/temp_dir.hpp"
#include "train/tiny_model.hpp"

namespace mgaclap {
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
  EXPECT_EQ(fault_of(Existing::refuse), Fault::cannot_create);
  EXPECT_EQ(fault_of(Existing::replace), Fault{}) << "an empty folder";
  write_bytes(path_ / "file", "precious");
  EXPECT_EQ(fault_of(Existing::replace), Fault::cannot_create);
  EXPECT_EQ(fault_of(Existing::resume), Fault::no_input);
}

TEST_F(RunFolderTest, ReplacesAModelAndARunThatNeverCameToAModel) {
  RunFolder(path_, Existing::refuse).create();
  EXPECT_EQ(fault_of(Existing::replace), Fault{});
  EXPECT_EQ(fault_of(Existing::resume), Fault{});
  fs::remove_all(path_ / "training");
  write_bytes(path_ / "config.json", "{}");
  EXPECT_EQ(fault_of(Existing::replace), Fault{});
  EXPECT_EQ(fault_of(Existing::resume), Fault::no_input);
}

TEST_F(RunFolderTest, ANewRunRemovesTheOldOneButNotItsModel) {
  const RunFolder folder(path_, Existing::refuse);
  folder.create();
  folder.write_model(tiny_model(dir_.path(), 1), true);
  folder.save(saved_run());
  RunFolder(path_, Existing::replace).create();
  EXPECT_THAT(names(path_ / "training"), UnorderedElementsAre());
  EXPECT_TRUE(fs::exists(path_ / "model.safetensors"));
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
}  // namespace mgaclap
