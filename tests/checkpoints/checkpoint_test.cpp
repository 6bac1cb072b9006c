#include "claptools/checkpoints/checkpoint.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "claptools/core/error.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

template <class T>
std::vector<T> values(const TensorView& view) {
  std::vector<T> out(view.bytes.size() / sizeof(T));
  std::memcpy(out.data(), view.bytes.data(), view.bytes.size());
  return out;
}

TEST(Checkpoint, ReadsWhatTorchSaves) {
  const WeightSet weights = read_checkpoint(CLAPTOOLS_TEST_DATA "/checkpoints/small.pt");
  ASSERT_EQ(weights.tensors.size(), 7u);
  EXPECT_EQ(values<float>(weights.tensors.at("b.weight"))[23], 23.0f / 7);
  EXPECT_EQ(values<double>(weights.tensors.at("view")), (std::vector<double>{3, 4, 5, 6}));
  const TensorView& transposed = weights.tensors.at("transposed");
  EXPECT_EQ(transposed.shape, (std::vector<std::int64_t>{6, 4}));
  EXPECT_EQ(values<float>(transposed)[1], 6.0f / 7);
  EXPECT_EQ(values<std::int64_t>(weights.tensors.at("count"))[0], 7);
}

TEST(Checkpoint, WriterRoundTrips) {
  testing::TempDir dir;
  const WeightSet weights = read_checkpoint(CLAPTOOLS_TEST_DATA "/checkpoints/small.pt");
  write_checkpoint(dir / "again.pt", weights);
  const WeightSet again = read_checkpoint(dir / "again.pt");
  ASSERT_EQ(again.tensors.size(), weights.tensors.size());
  for (const auto& [name, view] : weights.tensors) {
    const TensorView& copy = again.tensors.at(name);
    EXPECT_EQ(copy.dtype, view.dtype) << name;
    EXPECT_EQ(copy.shape, view.shape) << name;
    EXPECT_TRUE(
        std::equal(copy.bytes.begin(), copy.bytes.end(), view.bytes.begin(), view.bytes.end()))
        << name;
  }
}

TEST(Checkpoint, AFlippedBitOfAWeightIsNoticed) {
  std::string file = testing::read_bytes(CLAPTOOLS_TEST_DATA "/checkpoints/small.pt");
  const auto bytes = std::as_bytes(std::span(file));
  const WeightSet weights = parse_checkpoint(bytes, "f");
  file[static_cast<std::size_t>(weights.tensors.at("b.weight").bytes.data() - bytes.data())] ^= 1;
  EXPECT_EQ(testing::message_of(Fault::data, [&] { parse_checkpoint(bytes, "f"); }),
            "f: checkpoint: is damaged: a checksum does not match");
  // Without checksums, as torch.save writes on demand.
  const std::string entry = "PK\1\2";
  for (auto at = file.find(entry); at != file.npos; at = file.find(entry, at + 1))
    file.replace(at + 16, 4, 4, '\0');
  EXPECT_NO_THROW(parse_checkpoint(bytes, "f"));
}

TEST(Checkpoint, EveryHostileFormIsRefused) {
  int forms = 0;
  for (const auto& file : fs::directory_iterator(CLAPTOOLS_TEST_DATA "/checkpoints/hostile")) {
    SCOPED_TRACE(file.path().filename());
    testing::message_of(Fault::data, [&] { read_checkpoint(file.path()); });
    ++forms;
  }
  EXPECT_GE(forms, 20);
  EXPECT_FALSE(fs::exists("HOSTILE_CODE_RAN"));
}

TEST(Checkpoint, NamesTheRefusedGlobal) {
  try {
    read_checkpoint(CLAPTOOLS_TEST_DATA "/checkpoints/hostile/os_system.pt");
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("refused: it asks for 'posix system'"), std::string::npos)
        << e.what();
  }
}

TEST(Checkpoint, CutAndMutatedFilesNeverCrash) {
  const std::string whole = testing::read_bytes(CLAPTOOLS_TEST_DATA "/checkpoints/small.pt");
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    const std::string cut = whole.substr(0, size);
    EXPECT_THROW(parse_checkpoint(std::as_bytes(std::span(cut)), "f"), Error) << size;
  }
  std::uint32_t state = 1;
  for (int round = 0; round < 20000; ++round) {
    std::string mutant = whole;
    for (int flips = 0; flips < 3; ++flips) {
      state = state * 1664525u + 1013904223u;
      mutant[(state >> 8) % mutant.size()] = static_cast<char>(state >> 3);
    }
    try {
      parse_checkpoint(std::as_bytes(std::span(mutant)), "f");
    } catch (const Error&) {
    }
  }
}

TEST(Checkpoint, ReadsTheOfficialFiles) {
  const fs::path folder = CLAPTOOLS_SHARED "/goldens/checkpoints";
  if (!fs::exists(folder)) GTEST_SKIP() << "no goldens beside the checkout";
  const WeightSet plain = read_checkpoint(folder / "micro.pt");
  const WeightSet ddp = read_checkpoint(folder / "micro_ddp.pt");
  EXPECT_EQ(ddp.tensors.size(), plain.tensors.size() + 1);  // position_ids
  for (const auto& [name, view] : plain.tensors) EXPECT_TRUE(ddp.tensors.contains(name)) << name;
}

}  // namespace
}  // namespace claptools
