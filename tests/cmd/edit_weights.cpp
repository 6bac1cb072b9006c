// usage: edit_weights MODEL-DIRECTORY drop|copy|reshape|nan|zero NAME [NEW-NAME]
// Damages one weight of a model directory: leaves it out, doubles it under another name, adds a
// dimension to its shape, puts a NaN into it, or makes all of it zero.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <iostream>

#include "claptools/checkpoints/safetensors.hpp"

namespace {

void edit(claptools::WeightSet& weights, const std::string& action, const std::string& name,
          const std::string& new_name) {
  claptools::TensorView view = weights.tensors.at(name);
  std::vector<std::byte> bytes(view.bytes.begin(), view.bytes.end());
  if (action == "copy") return weights.add(new_name, view.dtype, view.shape, bytes);
  weights.tensors.erase(name);
  if (action == "drop") return;
  if (action == "reshape") view.shape.push_back(1);
  if (action == "zero") std::fill(bytes.begin(), bytes.end(), std::byte{0});
  const float nan = std::nanf("");
  if (action == "nan")
    std::memcpy(bytes.data() + bytes.size() / 2 / sizeof nan * sizeof nan, &nan, sizeof nan);
  weights.add(name, view.dtype, view.shape, bytes);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 64;
  try {
    const std::filesystem::path path = std::filesystem::path(argv[1]) / "model.safetensors";
    claptools::WeightSet weights = claptools::read_safetensors(path);
    edit(weights, argv[2], argv[3], argc > 4 ? argv[4] : "");
    claptools::write_safetensors(path, weights);
  } catch (const std::exception& e) {
    std::cerr << "edit_weights: " << e.what() << '\n';
    return 1;
  }
}
