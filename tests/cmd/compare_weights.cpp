// usage: compare_weights A.safetensors B.safetensors
// Prints the largest difference of any float32 weight; "inf" if they do not hold the same ones.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <iostream>

#include "claptools/checkpoints/safetensors.hpp"

namespace {

using claptools::DType;
using claptools::TensorView;
using claptools::WeightSet;

std::vector<float> floats(const TensorView& view) {
  std::vector<float> values(view.numel());
  std::memcpy(values.data(), view.bytes.data(), view.bytes.size());
  return values;
}

double difference(const TensorView& a, const TensorView& b) {
  if (a.dtype != b.dtype || a.shape != b.shape) return INFINITY;
  if (a.dtype != DType::f32) return std::ranges::equal(a.bytes, b.bytes) ? 0 : INFINITY;
  const auto x = floats(a), y = floats(b);
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double d = std::abs(double{x[i]} - y[i]);
    worst = d <= worst ? worst : d;  // NaN counts
  }
  return worst;
}

double difference(const WeightSet& a, const WeightSet& b) {
  double worst = a.tensors.size() == b.tensors.size() ? 0 : INFINITY;
  for (const auto& [name, view] : a.tensors) {
    const auto other = b.tensors.find(name);
    worst = std::max(worst, other == b.tensors.end() ? INFINITY : difference(view, other->second));
  }
  return worst;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  try {
    std::cout << difference(claptools::read_safetensors(argv[1]),
                            claptools::read_safetensors(argv[2]))
              << '\n';
  } catch (const std::exception& e) {
    std::cerr << "compare_weights: " << e.what() << '\n';
    return 1;
  }
}
