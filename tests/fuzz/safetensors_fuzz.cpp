#include <span>
#include <vector>

#include "claptools/checkpoints/check_finite.hpp"
#include "claptools/checkpoints/half_weights.hpp"
#include "claptools/checkpoints/safetensors.hpp"
#include "fuzz/harness.hpp"

/// Reads, touches every byte, and writes again: what is accepted must survive its own round trip.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace claptools;
  fuzz::expect_data_or_refusal([&] {
    const WeightSet weights = parse_safetensors(std::as_bytes(std::span(data, size)), "input");
    std::vector<std::byte> written;
    serialise_safetensors(weights, {}, [&](std::span<const std::byte> piece) {
      written.insert(written.end(), piece.begin(), piece.end());
    });
    if (parse_safetensors(written, "output").tensors.size() != weights.tensors.size())
      throw std::logic_error("tensors were lost");
    check_finite(weights, "input");
    std::vector<Parameter> parameters;
    for (const auto& [name, view] : weights.tensors)
      parameters.push_back({name, view.shape, view.dtype});
    to_half(weights, parameters);
  });
  return 0;
}
