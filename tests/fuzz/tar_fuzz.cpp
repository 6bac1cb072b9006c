#include "claptools/archive/tar_reader.hpp"
#include "claptools/dataset/manifest.hpp"
#include "claptools/pipeline/inputs.hpp"
#include "fuzz/decode.hpp"
#include "fuzz/harness.hpp"
#include "fuzz/input_folder.hpp"

namespace {

using namespace claptools;
using fuzz::expect_data_or_refusal;

constexpr TarLimits kLimits{std::uint64_t{1} << 20};

void read_members(const std::string& path) {
  TarReader reader(path, {}, kLimits);
  while (const auto sample = reader.next()) {
    for (const auto& named : sample->members) {
      const TarMember& member = named.second;  // Clang 14 captures no structured binding
      expect_data_or_refusal([&] { fuzz::decode(member.bytes); });
      if (reader.compressed()) continue;
      expect_data_or_refusal([&] { read_tar_member(path, member.offset, member.name, kLimits); });
    }
  }
}

}  // namespace

/// A shard: its members decoded, and read as training and embedding do.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::InputFolder folder;
  const std::string path = folder.write("input.tar", data, size);
  expect_data_or_refusal([&] { read_members(path); });
  expect_data_or_refusal([&] { read_manifest(path, {}); });
  InputList inputs;
  add_shards(path, {}, inputs);  // refuses nothing: a damaged shard is an input that fails
  return 0;
}
