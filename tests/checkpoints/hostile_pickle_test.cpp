// What a checkpoint of a few megabytes could ask for: each case names its bound.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <string>
#include <utility>
#include <vector>

#include "claptools/checkpoints/checkpoint.hpp"
#include "claptools/checkpoints/pickle.hpp"
#include "claptools/core/error.hpp"

namespace claptools {
namespace {

std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

/// A zip archive of stored members.
std::string stored_zip(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string file, directory;
  for (const auto& [name, bytes] : members) {
    const std::string sizes = little(bytes.size(), 4) + little(bytes.size(), 4);
    directory += "PK\x01\x02" + std::string(16, '\0') + sizes + little(name.size(), 2) +
                 std::string(12, '\0') + little(file.size(), 4) + name;
    file += "PK\x03\x04" + std::string(14, '\0') + sizes + little(name.size(), 2) +
            std::string(2, '\0') + name + bytes;
  }
  const std::string count = little(members.size(), 2);
  return file + directory + "PK\x05\x06" + std::string(4, '\0') + count + count +
         little(directory.size(), 4) + little(file.size(), 4) + std::string(2, '\0');
}

std::string text(std::string_view value) {
  return 'X' + little(value.size(), 4) + std::string(value);
}
std::string integer(std::uint64_t value) { return "\x8a\x08" + little(value, 8); }

/// A tensor of one dimension on storage "0".
std::string tensor(std::uint64_t offset, std::uint64_t size, std::uint64_t stride) {
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\nFloatStorage\n" +
         text("0") + text("cpu") + integer(size) + "tQ" + integer(offset) + integer(size) + "\x85" +
         integer(stride) + "\x85\x89NtR";
}

std::string state_dict(const std::vector<std::string>& tensors) {
  std::string pickle = "\x80\x02}(";
  for (std::size_t i = 0; i < tensors.size(); ++i)
    pickle += text("w" + std::to_string(i)) + tensors[i];
  return pickle + "u.";
}

std::string refusal_of(const auto& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::data);
    return error.reason();
  }
  return "none";
}

std::string refusal(const std::string& pickle, std::size_t data_bytes) {
  const std::string file =
      stored_zip({{"a/data.pkl", pickle}, {"a/data/0", std::string(data_bytes, '\0')}});
  return refusal_of([&] { parse_checkpoint(std::as_bytes(std::span(file)), "f"); });
}

std::string repeat(const std::string& part, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += part;
  return all;
}

TEST(HostilePickle, AllocationsDoNotGrowWithItsOpcodes) {
  const auto read = [](const std::string& pickle) {
    return refusal_of([&] { read_pickle(std::as_bytes(std::span(pickle)), "f"); });
  };
  constexpr std::size_t kTimes = 20'000'000;
  const std::string refused = "checkpoint: the pickle has more than 2000000 opcodes";
  EXPECT_EQ(read(repeat("N", kTimes)), refused);
  EXPECT_EQ(read(repeat("(", kTimes)), refused);
  EXPECT_EQ(read("N" + repeat("\x94", kTimes)), refused);
  EXPECT_EQ(read("Nq" + std::string(1, '\0') + repeat(std::string("h\0", 2), kTimes)), refused);
  EXPECT_EQ(read("](" + repeat("]a", kTimes)), "checkpoint: the pickle is damaged");
  EXPECT_EQ(read("]" + repeat("]a", kTimes)), refused);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss / 1024, 2000);  // 20 million values take 4 GB
}

TEST(HostilePickle, LongTextsAreNeitherCopiedNorPrinted) {
  const std::string key = text(std::string(1'000'000, 'k'));
  const std::string storage = "(" + text("storage") + "ctorch\nFloatStorage\n" + key + "NNtQ.";
  EXPECT_EQ(refusal(storage, 4), "checkpoint: a storage is damaged");
  EXPECT_LT(refusal("c" + std::string(1'000'000, 'm') + "\nname\n.", 4).size(), 150u);
  EXPECT_LT(refusal("}" + text(std::string(1'000'000, 'n')) + tensor(0, 9, 1) + "s.", 4).size(),
            150u);
}

TEST(HostilePickle, WeightsShareTheirDataAFewTimes) {
  const std::string whole = tensor(0, 1000, 1);
  EXPECT_EQ(refusal(state_dict({whole, whole}), 4000), "none");  // tied weights
  EXPECT_EQ(refusal(state_dict(std::vector<std::string>(1000, tensor(0, 100'000, 1))), 400'000),
            "checkpoint: too many weights share their data");
  // not contiguous: each would be a copy
  EXPECT_EQ(refusal(state_dict(std::vector<std::string>(1000, tensor(0, 100'000, 0))), 400'000),
            "checkpoint: too many weights share their data");
}

TEST(HostilePickle, SizesAndStridesAreCheckedBeforeTheyAreMultiplied) {
  constexpr std::uint64_t kHuge = 0x7FFFFFFFFFFFFFFF;
  const std::string outside = "checkpoint: weight 'w0' lies outside its data";
  EXPECT_EQ(refusal(state_dict({tensor(0, 2, kHuge)}), 8), outside);
  EXPECT_EQ(refusal(state_dict({tensor(kHuge, 2, 1)}), 8), outside);
  EXPECT_EQ(refusal(state_dict({tensor(0, kHuge, 1)}), 8), outside);
  EXPECT_EQ(refusal(state_dict({tensor(0, kHuge, 0)}), 8), outside);
  EXPECT_EQ(refusal(state_dict({tensor(0, 3, 0)}), 8),
            "checkpoint: weight 'w0' is larger than its data");
  EXPECT_EQ(refusal(state_dict({tensor(0, std::uint64_t{1} << 63, 1)}), 8),
            "checkpoint: a tensor is damaged");
}

}  // namespace
}  // namespace claptools
