#include <span>

#include "claptools/checkpoints/check_finite.hpp"
#include "claptools/checkpoints/checkpoint.hpp"
#include "claptools/checkpoints/pickle.hpp"
#include "claptools/families/mga_clap/parameters.hpp"
#include "fuzz/harness.hpp"

/// The bytes as a checkpoint, up to the check of a model's weights, and as a pickle without its
/// zip.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace claptools;
  const auto bytes = std::as_bytes(std::span(data, size));
  fuzz::expect_data_or_refusal([&] {
    const WeightSet weights = parse_checkpoint(bytes, "input");
    fuzz::expect_data_or_refusal([&] { check_finite(weights, "input"); });
    const ModelConfig config = infer_config(weights, {}, "input");
    check_config(config, "input");
    check_parameters(weights, model_parameters(config), "input");
  });
  fuzz::expect_data_or_refusal([&] { read_pickle(bytes, "input"); });
  return 0;
}
