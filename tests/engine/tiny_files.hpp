#pragma once

#include <cstring>
#include <memory>
#include <string>

#include "claptools/engine/model.hpp"
#include "claptools/families/mga_clap/architecture.hpp"
#include "claptools/families/mga_clap/synthetic.hpp"
#include "support/configs.hpp"

namespace claptools::testing {

/// The goldens' tiny model, as it would lie on disk.
inline ModelFiles tiny_files() {
  ModelFiles files;
  files.path = "tiny";
  files.architecture = mga_clap::make_architecture(tiny_config());
  files.weights = synthetic_weights(tiny_config(), "tiny-1", 64);
  files.vocabulary = CLAPTOOLS_SHARE "/vocab-bert-base-uncased.txt";
  return files;
}

/// Sets every element of a float32 weight.
inline void fill_weight(ModelFiles& files, const std::string& name, float value) {
  const TensorView old = files.weights.tensors.at(name);
  std::vector<std::byte> bytes(old.bytes.size());
  for (std::size_t i = 0; i < bytes.size(); i += sizeof value)
    std::memcpy(bytes.data() + i, &value, sizeof value);
  files.weights.tensors.erase(name);
  files.weights.add(name, old.dtype, old.shape, std::move(bytes));
}

inline std::unique_ptr<Model> load(ModelFiles files, const std::string& device = "cpu") {
  return Model::load(std::move(files), {device}, {});
}

/// Loaded once for all tests that change nothing.
inline const Model& tiny_model() {
  static const std::unique_ptr<Model> model = load(tiny_files());
  return *model;
}

}  // namespace claptools::testing
