#include "claptools/checkpoints/safetensors.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstring>
#include <ctime>

#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

std::string failure(std::string header, std::size_t data_bytes, std::uint64_t claimed = 0) {
  const std::uint64_t length = claimed ? claimed : header.size();
  std::string file(8, '\0');
  std::memcpy(file.data(), &length, 8);
  file += header + std::string(data_bytes, 'x');
  try {
    parse_safetensors(std::as_bytes(std::span(file)), "f");
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::data);
    return std::string(e.what()).substr(std::strlen("f: safetensors: "));
  }
  return "accepted";
}

std::string entry(const std::string& rest) { return R"({"a":{"dtype":"F32",)" + rest + "}}"; }

TEST(Safetensors, ReadsTheReferenceWriter) {
  const WeightSet weights = read_safetensors(CLAPTOOLS_TEST_DATA "/checkpoints/small.safetensors");
  ASSERT_EQ(weights.tensors.size(), 5u);
  const TensorView& b = weights.tensors.at("b.weight");
  EXPECT_EQ(b.shape, (std::vector<std::int64_t>{2, 3, 4}));
  float value = 0;
  std::memcpy(&value, b.bytes.data() + 23 * 4, 4);
  EXPECT_EQ(value, 23.0f / 7);
  EXPECT_EQ(weights.tensors.at("a.bias").dtype, DType::f16);
  EXPECT_EQ(weights.tensors.at("count").shape.size(), 0u);
  EXPECT_EQ(weights.tensors.at("empty").bytes.size(), 0u);
}

TEST(Safetensors, RoundTripsAndIsReproducible) {
  testing::TempDir dir;
  const WeightSet weights = read_safetensors(CLAPTOOLS_TEST_DATA "/checkpoints/small.safetensors");
  write_safetensors(dir / "one", weights, {{"k", "v"}});
  const WeightSet again = read_safetensors(dir / "one");
  write_safetensors(dir / "two", again, {{"k", "v"}});
  EXPECT_EQ(testing::read_bytes(dir / "one"), testing::read_bytes(dir / "two"));
  for (const auto& [name, view] : weights.tensors) {
    const TensorView& copy = again.tensors.at(name);
    EXPECT_EQ(copy.shape, view.shape);
    EXPECT_TRUE(
        std::equal(copy.bytes.begin(), copy.bytes.end(), view.bytes.begin(), view.bytes.end()));
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 2);
}

TEST(Safetensors, EveryCutIsRefused) {
  const std::string whole =
      testing::read_bytes(CLAPTOOLS_TEST_DATA "/checkpoints/small.safetensors");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    EXPECT_THROW(parse_safetensors(std::as_bytes(std::span(cut)), "f"), Error) << size;
  }
}

TEST(Safetensors, RefusesBadHeaders) {
  EXPECT_EQ(failure("{}", 0), "accepted");
  EXPECT_EQ(failure("{}", 0, 1ull << 62), "the header's length is wrong");
  EXPECT_EQ(failure("{", 0), "the header is not a JSON object");
  EXPECT_EQ(failure("{}", 4), "bytes after the last tensor");
  EXPECT_EQ(failure(entry(R"("shape":[1],"data_offsets":[0,4])"), 4), "accepted");
  EXPECT_EQ(failure(entry(R"("shape":[1],"data_offsets":[0,8])"), 8),
            "tensor 'a' does not fill its shape");
  EXPECT_EQ(failure(entry(R"("shape":[2],"data_offsets":[0,8])"), 4),
            "tensor 'a' lies outside the file (cut off?)");
  EXPECT_EQ(failure(entry(R"("shape":[-1],"data_offsets":[0,4])"), 4),
            "tensor 'a' has a bad shape");
  EXPECT_EQ(failure(entry(R"("shape":[4294967296,4294967296,4],"data_offsets":[0,0])"), 0),
            "tensor 'a' does not fill its shape");
  EXPECT_EQ(failure(entry(R"("shape":[1],"data_offsets":[4,0])"), 4),
            "tensor 'a' lies outside the file (cut off?)");
  EXPECT_EQ(failure(entry(R"("shape":[1],"data_offsets":[0,4.0])"), 4),
            "tensor 'a' has a bad offset");
  EXPECT_EQ(failure(entry(R"("shape":[1],"data_offsets":[4,8])"), 8),
            "tensors overlap or leave a hole");
  EXPECT_EQ(failure(R"({"a":{"dtype":"F4","shape":[],"data_offsets":[0,4]}})", 4),
            "tensor 'a' has an unknown dtype");
  EXPECT_EQ(failure(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                    R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
                    3),
            "tensors overlap or leave a hole");
  EXPECT_EQ(failure(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                    R"("a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
                    1),
            "a tensor name occurs twice");
  EXPECT_EQ(failure(R"({"__metadata__":{"format":"pt"}})", 0), "accepted");
  EXPECT_EQ(failure(R"({"__metadata__":{"format":{}}})", 0),
            "__metadata__ holds something other than texts");
  EXPECT_EQ(failure(R"({"a":[]})", 0), "tensor 'a' needs dtype, shape and data_offsets");
  EXPECT_EQ(failure(entry(R"("shape":[1],"shape":[1],"data_offsets":[0,4])"), 4),
            "tensor 'a' needs dtype, shape and data_offsets");
  EXPECT_EQ(failure(entry(R"("shape":[1],"data_offsets":[0,4,4])"), 4),
            "tensor 'a' has a bad offset");
  EXPECT_EQ(failure(entry(R"("shape":[1],"data_offsets":[0,4]},"b":null)"), 4),
            "tensor 'b' needs dtype, shape and data_offsets");
}

std::string repeat(std::string_view part, std::size_t times) {
  std::string text;
  text.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

/// Megabytes that a header of 20 MB adds to the most memory this process ever took, other than its
/// own text.
TEST(Safetensors, HostileHeadersTakeNoMemory) {
  constexpr std::size_t kBytes = 20'000'000;
  const auto peak_mb = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
  };
  failure(std::string(kBytes, ' '), 0);  // what the text itself takes
  const long before = peak_mb();
  EXPECT_EQ(failure(repeat("[", kBytes), 0), "the header is not a JSON object");
  EXPECT_EQ(failure(repeat("{\"a\":", kBytes / 5), 0),
            "tensor 'a' needs dtype, shape and data_offsets");
  EXPECT_EQ(failure(entry("\"shape\":[" + repeat("1,", kBytes / 2)), 0),
            "tensor 'a' has a bad shape");
  EXPECT_EQ(failure("{\"__metadata__\":" + repeat("{\"a\":", kBytes / 5), 0),
            "__metadata__ holds something other than texts");
  EXPECT_LT(peak_mb() - before, 500);  // a tree takes 1400; ASan keeps what was freed for a while
  const std::string name(kBytes, 'x');
  EXPECT_LT(failure("{\"" + name + "\":0}", 0).size(), 130u);
}

/// nlohmann's parser with a callback goes over all tensors after each: 40,000 of them took 36 s.
TEST(Safetensors, ManyTensorsTakeTimeInProportion) {
  constexpr std::size_t kTensors = 200'000;
  std::string apart = "{", alike = "{";
  for (std::size_t i = 0; i < kTensors; ++i) {
    const std::string name = '"' + std::to_string(i) + R"(":{"dtype":"U8","shape":[1],)";
    const std::string at = std::to_string(i), next = std::to_string(i + 1);
    apart += name + R"("data_offsets":[)" + at + "," + next + "]},";
    alike += name + R"("data_offsets":[0,1]},)";
  }
  apart.back() = alike.back() = '}';
  const std::clock_t start = std::clock();
  EXPECT_EQ(failure(apart, kTensors), "accepted");
  EXPECT_EQ(failure(alike, 1), "tensors overlap or leave a hole");
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 30);
}

}  // namespace
}  // namespace claptools
