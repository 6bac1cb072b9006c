#include "claptools/families/model_directory.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/steady_folder.hpp"
#include "claptools/families/mga_clap/architecture.hpp"
#include "claptools/families/model_files.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;
using testing::read_bytes;
using ::testing::UnorderedElementsAre;
using testing::write_bytes;

class ModelDirectoryTest : public ::testing::Test {
 protected:
  /// As far as files go.
  ModelFiles model(float weight, int layers = 12) const {
    ModelFiles files;
    ModelConfig config;
    config.text.num_hidden_layers = layers;
    files.architecture = mga_clap::make_architecture(config);
    std::vector<std::byte> bytes(sizeof weight);
    std::memcpy(bytes.data(), &weight, sizeof weight);
    files.weights.add("w", DType::f32, {1}, std::move(bytes));
    files.vocabulary = dir_ / "words.txt";
    write_bytes(files.vocabulary, "[PAD]\n");
    return files;
  }
  float weight() const {
    const WeightSet set = read_safetensors(path_ / kWeightsFile);
    float value = 0;
    std::memcpy(&value, set.tensors.at("w").bytes.data(), sizeof value);
    return value;
  }
  /// Number of layers and weight.
  std::pair<int, float> read_pair() const {
    return read_steadily(path_, {kConfigFile, kWeightsFile}, [&] {
      return std::pair(read_config(path_ / kConfigFile, {}).text.num_hidden_layers, weight());
    });
  }
  std::vector<std::string> names(const fs::path& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }
  Fault fault_of_forced(const fs::path& path) const {
    try {
      write_model_directory(path, model(2), true);
    } catch (const Error& error) {
      return error.fault();
    }
    return Fault{};
  }

  testing::TempDir dir_;
  fs::path path_ = dir_ / "model";
};

TEST_F(ModelDirectoryTest, ReplacesAModel) {
  write_model_directory(path_, model(1), false, model(3).weights);
  EXPECT_EQ(fault_of_forced(path_), Fault{});
  EXPECT_EQ(weight(), 2);
  EXPECT_EQ(fault_of_forced(path_ / ""), Fault{}) << "a slash at the end";
  EXPECT_THAT(names(path_), UnorderedElementsAre("config.json", "model.safetensors", "vocab.txt"));
  EXPECT_THAT(names(dir_.path()), UnorderedElementsAre("model", "words.txt"));
}

TEST_F(ModelDirectoryTest, ReplacesTheFolderBehindALink) {
  write_model_directory(dir_ / "real", model(1), false);
  fs::create_directory_symlink("real", path_);
  EXPECT_EQ(fault_of_forced(path_), Fault{});
  EXPECT_TRUE(fs::is_symlink(path_));
  EXPECT_EQ(weight(), 2);
}

TEST_F(ModelDirectoryTest, RefusesWhatHoldsMoreAndLeavesIt) {
  const auto refuses = [&](const fs::path& extra) {
    write_model_directory(path_, model(1), false);
    if (extra.has_parent_path()) fs::create_directories(path_ / extra.parent_path());
    write_bytes(path_ / extra, "precious");
    EXPECT_EQ(fault_of_forced(path_), Fault::cannot_create) << extra;
    EXPECT_EQ(read_bytes(path_ / extra), "precious") << extra;
    EXPECT_EQ(weight(), 1) << extra;
    fs::remove_all(path_);
  };
  refuses("notes.txt");
  refuses(".hidden");
  refuses("sub/thesis.txt");
  refuses("training/log.jsonl");
}

TEST_F(ModelDirectoryTest, RefusesTheFoldersOfOtherPrograms) {
  for (const char* config : {R"({"name": "web app"})",
                             R"({"model_type": "clap", "audio_config": {}, "text_config": {}})",
                             R"([{"model_type": 1, "audio": {}, "text": {}}])", "not JSON", ""}) {
    fs::create_directories(path_);
    write_bytes(path_ / "config.json", config);
    write_bytes(path_ / "model.safetensors", "theirs");
    EXPECT_EQ(fault_of_forced(path_), Fault::cannot_create) << config;
    EXPECT_EQ(read_bytes(path_ / "model.safetensors"), "theirs");
  }
  fs::remove(path_ / "config.json");
  EXPECT_EQ(fault_of_forced(path_), Fault::cannot_create);
}

TEST_F(ModelDirectoryTest, RefusesWhatIsNoFolderOfItsOwn) {
  fs::create_symlink("loop", dir_ / "loop");
  for (const fs::path& path : {fs::path("/"), fs::path("."), fs::path(".."), dir_ / "loop",
                               dir_ / std::string(256, 'n'), dir_ / "words.txt"}) {
    EXPECT_EQ(fault_of_forced(path), Fault::cannot_create) << path;
  }
}

TEST_F(ModelDirectoryTest, AnEmptyFolderIsTaken) {
  fs::create_directory(path_);
  EXPECT_THROW(write_model_directory(path_, model(1), false), Error);
  EXPECT_EQ(fault_of_forced(path_), Fault{});
  EXPECT_EQ(weight(), 2);
}

TEST_F(ModelDirectoryTest, AnUpdateKeepsWhatElseIsThere) {
  write_model_directory(path_, model(1), false);
  fs::create_directories(path_ / "training/last");
  write_bytes(path_ / "training/last/file", "kept");
  for (const int layers : {12, 12, 11}) {  // another architecture: the folder is exchanged
    update_model_directory(path_, model(3, layers));
    EXPECT_EQ(read_bytes(path_ / "training/last/file"), "kept");
    EXPECT_EQ(weight(), 3);
    EXPECT_EQ(read_bytes(path_ / kConfigFile), model(3, layers).architecture->config_json());
  }
  EXPECT_THAT(names(dir_.path()), UnorderedElementsAre("model", "words.txt"));
}

/// A reader beside a writer that exchanges architectures finds the one or the other.
TEST_F(ModelDirectoryTest, IsReadWholeWhileItIsReplaced) {
  for (const bool in_place : {false, true}) {
    write_model_directory(path_, model(11, 11), true);
    const pid_t writer = ::fork();
    if (writer == 0) {
      for (int i = 0; i < 100; ++i) {
        const int layers = 11 + i % 2;
        const ModelFiles files = model(static_cast<float>(layers), layers);
        in_place ? update_model_directory(path_, files) : write_model_directory(path_, files, true);
      }
      ::_exit(0);
    }
    int status = 0, reads = 0;
    while (::waitpid(writer, &status, WNOHANG) == 0) {
      const auto [config, weight_found] = read_pair();
      EXPECT_EQ(static_cast<float>(config), weight_found);
      ++reads;
    }
    EXPECT_EQ(status, 0);
    EXPECT_GT(reads, 10);
  }
}

}  // namespace
}  // namespace claptools
