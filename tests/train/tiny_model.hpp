#pragma once

#include <cstring>
#include <filesystem>
#include <vector>

#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/families/mga_clap/architecture.hpp"
#include "claptools/families/model_files.hpp"
#include "support/temp_dir.hpp"

namespace claptools::testing {

/// A set of one weight, "w", of one number.
inline WeightSet one_weight(float value) {
  std::vector<std::byte> bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  WeightSet set;
  set.add("w", DType::f32, {1}, std::move(bytes));
  return set;
}

inline float weight_of(const WeightSet& set) {
  float value = 0;
  std::memcpy(&value, set.tensors.at("w").bytes.data(), sizeof value);
  return value;
}

inline float weight_of(const std::filesystem::path& model) {
  return weight_of(read_safetensors(model / "model.safetensors"));
}

/// A model as far as files go; its vocabulary is written to `folder`.
inline ModelFiles tiny_model(const std::filesystem::path& folder, float weight) {
  ModelFiles files;
  files.path = "tiny";
  files.architecture = mga_clap::make_architecture({});
  files.weights = one_weight(weight);
  files.vocabulary = folder / "words.txt";
  write_bytes(files.vocabulary, "[PAD]\n");
  return files;
}

}  // namespace claptools::testing
