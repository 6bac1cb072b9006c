#include "claptools/checkpoints/weight_folder.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "claptools/checkpoints/checkpoint.hpp"
#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/json.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;
using Reader = WeightSet (*)(const fs::path&);

[[noreturn]] void fail(const fs::path& index, const std::string& reason) {
  throw Error(Fault::data, index.native(), reason);
}

/// Shard to the weights that it must have.
std::map<std::string, std::set<std::string>> read_index(const fs::path& index) {
  constexpr JsonLimits kLimits = {.keys = 100'000};
  const auto root = nlohmann::json::parse(read_json_file(index, 16 << 20, kLimits));
  const auto map = root.is_object() ? root.find("weight_map") : root.end();
  if (!root.is_object() || map == root.end() || !map->is_object() || map->empty()) {
    fail(index, "has no weight_map");
  }
  std::map<std::string, std::set<std::string>> shards;
  for (const auto& [weight, shard] : map->items()) {
    if (!shard.is_string()) fail(index, "weight '" + shorten(weight) + "' is in no file");
    const auto name = shard.get<std::string>();
    if (name.empty() || name == ".." || name.find('/') != std::string::npos) {
      fail(index, "'" + shorten(name) + "' is not a file of its folder");
    }
    shards[name].insert(weight);
  }
  return shards;
}

WeightSet read_shards(const fs::path& index, Reader read) {
  WeightSet all;
  for (const auto& [name, weights] : read_index(index)) {
    WeightSet shard = read(index.parent_path() / name);
    for (const std::string& weight : weights) {
      const auto node = shard.tensors.extract(weight);
      if (node.empty()) fail(index, "weight '" + shorten(weight) + "' is not in " + name);
      all.tensors[weight] = node.mapped();
    }
    if (!shard.tensors.empty()) {
      fail(index,
           "does not list weight '" + shorten(shard.tensors.begin()->first) + "' of " + name);
    }
    all.storage.insert(all.storage.end(), shard.storage.begin(), shard.storage.end());
  }
  return all;
}

}  // namespace

WeightSet read_weight_folder(const fs::path& folder) {
  const auto has = [&](const char* name) { return is_there(folder / name, Fault::no_input); };
  if (has(kSafetensorsFile)) return read_safetensors(folder / kSafetensorsFile);
  if (has(kSafetensorsIndex)) return read_shards(folder / kSafetensorsIndex, read_safetensors);
  if (has(kTorchFile)) return read_checkpoint(folder / kTorchFile);
  if (has(kTorchIndex)) return read_shards(folder / kTorchIndex, read_checkpoint);
  return read_safetensors(folder / kSafetensorsFile);  // which says that it is missing
}

}  // namespace claptools
