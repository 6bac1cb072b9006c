// Speed of the audio tower alone: no files, no decoding, generated weights of the published size.
//
//   bench_encoder [DEVICE] [PRECISION]... [xWORKERS]... [BATCH]...
//   default: cpu fp32 bf16 int8 x1 x2 1 2 4 8
//
// Prints, per precision, number of worker threads and batch size, clips per second, the arithmetic
// rate, and the rate of the tower's matrix products run alone in float32, at::mm and at::bmm at the
// same shapes.

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/randn.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <latch>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/families/mga_clap/synthetic.hpp"
#include "claptools/model/device/allocator_tuning.hpp"
#include "claptools/model/device/device.hpp"
#include "claptools/model/device/device_parameters.hpp"
#include "claptools/model/device/graphed_encoder.hpp"
#include "claptools/model/networks/mga_clap_network.hpp"

namespace claptools {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPasses = 5;       // the fastest counts
constexpr double kPassTime = 1;  // s, about

const std::map<std::string, Precision> kPrecisions = {
    {"fp32", Precision::fp32}, {"bf16", Precision::bf16}, {"int8", Precision::int8}};

/// `times` products [maps, m, k] x [maps, k, n].
struct Product {
  std::int64_t times, maps, m, k, n;

  double flops() const { return 2.0 * static_cast<double>(times * maps * m * k * n); }
};

void add_block(std::vector<Product>& products, std::int64_t blocks, std::int64_t rows,
               std::int64_t channels, std::int64_t heads, const AudioConfig& config) {
  const std::int64_t window = std::int64_t{config.window_size} * config.window_size,
                     maps = rows / window * heads;
  products.push_back({blocks, 1, rows, channels, 3 * channels});         // query, key, value
  products.push_back({blocks, maps, window, channels / heads, window});  // logits
  products.push_back({blocks, maps, window, window, channels / heads});  // mixture of values
  products.push_back({blocks, 1, rows, channels, channels});             // projection
  products.push_back({blocks, 1, rows, channels, config.mlp_ratio * channels});  // MLP
  products.push_back({blocks, 1, rows, config.mlp_ratio * channels, channels});
}

/// Every matrix product of MgaClapNetwork::encode_audio for full windows; Fourier transform and
/// element-wise steps are not counted.
std::vector<Product> audio_products(const ModelConfig& model, std::int64_t batch) {
  const AudioConfig& config = model.audio;
  const std::int64_t frames = config.window_samples() / config.hop_length + 1,
                     patch = config.patch_size;
  std::vector<Product> products = {
      {1, 1, batch * frames, config.n_fft / 2 + 1, config.n_mels},
      {1, 1, batch * config.grid() * config.grid(), patch * patch, config.stem_channels},
  };
  for (int stage = 0; stage < config.stages(); ++stage) {
    const std::int64_t rows = batch * config.stage_grid(stage) * config.stage_grid(stage),
                       channels = config.stage_dim(stage);
    const bool last = stage + 1 == config.stages();
    const auto at = static_cast<std::size_t>(stage);
    add_block(products, config.depths[at] - (last ? 1 : 0), rows, channels, config.num_heads[at],
              config);
    if (last) {
      products.push_back({2, 1, rows, channels, channels});  // value path of the last block
    } else {
      products.push_back({1, 1, rows / 4, 4 * channels, 2 * channels});  // patch merging
    }
  }
  const std::int64_t rows = batch * config.frames();
  products.push_back({1, 1, rows, config.width(), model.embed_dim});
  products.push_back({1, 1, rows, model.embed_dim, model.embed_dim});
  products.push_back({1, 1, rows, model.embed_dim, model.codebook_size});
  return products;
}

/// One call does one batch and returns when the device has done it.
using Work = std::function<void()>;

/// On a GPU as clap-embed does it: waveforms go there, batches are recorded once and replayed.
Work encoding(const MgaClapNetwork& network, const ModelConfig& config, std::int64_t batch,
              const at::Device& device) {
  const at::Tensor waveform = at::randn({batch, config.audio.window_samples()}).mul_(0.1);
  const auto encode = [&network](const at::Tensor& clips) {
    return AudioTensors{{}, network.encode_audio(clips).affinity, {}};
  };
  if (device.is_cpu()) return [=] { encode(waveform); };
  const auto encoder = std::make_shared<GraphedEncoder>(encode, open_recorder(), device, Log());
  return [encoder, device, pinned = waveform.pin_memory()] {
    enter_device(device);
    encoder->run(pinned, [](const AudioTensors& made) { made.affinities.to(at::kCPU); });
  };
}

Work products_alone(const std::vector<Product>& products, const at::Device& device) {
  std::vector<at::Tensor> operands;
  for (const Product& p : products) {
    const at::Tensor a = at::randn({p.maps, p.m, p.k}), b = at::randn({p.maps, p.n, p.k});
    operands.push_back((p.maps == 1 ? a[0] : a).to(device));
    operands.push_back((p.maps == 1 ? b[0] : b).to(device).transpose(-2, -1));  // as weights lie
  }
  return [products, operands] {
    at::Tensor result;
    for (std::size_t i = 0; i < products.size(); ++i) {
      for (int t = 0; t < products[i].times; ++t) {
        result = at::matmul(operands[2 * i], operands[2 * i + 1]);
      }
    }
    result.flatten()[0].to(at::kCPU);
  };
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Calls that take about kPassTime; warms up on the way.
int calls_in_a_pass(const Work& work) {
  work();
  const Clock::time_point start = Clock::now();
  work();
  return 1 + static_cast<int>(kPassTime / seconds_since(start));
}

/// Calls a second over all workers, each a thread with one intra-op thread, as in clap-embed.
double calls_per_second(int workers, int calls, const Work& work) {
  std::latch ready(workers + 1);
  std::vector<std::thread> threads;
  for (int i = 0; i < workers; ++i) {
    threads.emplace_back([&] {
      at::set_num_threads(1);
      const c10::InferenceMode guard;
      ready.arrive_and_wait();
      for (int call = 0; call < calls; ++call) work();
    });
  }
  ready.arrive_and_wait();
  const Clock::time_point start = Clock::now();
  for (std::thread& thread : threads) thread.join();
  return workers * calls / seconds_since(start);
}

void print_row(const char* precision, int workers, std::int64_t batch, const Work& encode,
               const ModelConfig& config, const at::Device& device) {
  const std::vector<Product> products = audio_products(config, batch);
  double gflop = 0;
  for (const Product& product : products) gflop += product.flops() / 1e9;
  const Work multiply = products_alone(products, device);
  const int encode_calls = calls_in_a_pass(encode), multiply_calls = calls_in_a_pass(multiply);
  double encoded = 0, multiplied = 0;
  for (int pass = 0; pass < kPasses; ++pass) {  // in turns: other load on the machine meets both
    encoded = std::max(encoded, calls_per_second(workers, encode_calls, encode));
    multiplied = std::max(multiplied, calls_per_second(workers, multiply_calls, multiply));
  }
  const auto clips = static_cast<double>(batch);
  std::printf("%s\t%d\t%d\t%.2f\t%.2f\t%.1f\t%.1f\t%.2f\n", precision, workers,
              static_cast<int>(batch), encoded * clips, gflop / clips, encoded * gflop,
              multiplied * gflop, encoded / multiplied);
  std::fflush(stdout);
}

struct Choice {
  std::string device = "cpu";
  std::vector<std::string> precisions;
  std::vector<int> workers;
  std::vector<std::int64_t> batches;
};

Choice choose(int count, char** words) {
  Choice choice;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (kPrecisions.contains(word))
      choice.precisions.push_back(word);
    else if (word[0] == 'x')
      choice.workers.push_back(std::stoi(word.substr(1)));
    else if (word[0] >= '0' && word[0] <= '9')
      choice.batches.push_back(std::stoll(word));
    else
      choice.device = word;
  }
  if (choice.precisions.empty()) choice.precisions = {"fp32", "bf16", "int8"};
  if (choice.workers.empty()) choice.workers = {1, 2};
  if (choice.batches.empty()) choice.batches = {1, 2, 4, 8};
  return choice;
}

void bench(const Choice& choice) {
  const at::Device device = open_device(choice.device, {});
  const ModelConfig config;
  const auto weights = std::make_shared<const WeightSet>(synthetic_weights(config, "full-1", 8));
  at::set_num_threads(1);
  keep_freed_memory();  // as clap-embed does
  std::printf(
      "precision\tworkers\tbatch\tclips_per_s\tgflop_per_clip\tgflop_per_s\t"
      "products_alone_gflop_per_s\tshare\n");
  for (const std::string& name : choice.precisions) {
    try {
      MgaClapNetwork network(config, DeviceParameters(weights, device), device, at::kFloat);
      network.prepare_audio(kPrecisions.at(name));
      for (const int workers : choice.workers) {
        for (const std::int64_t batch : choice.batches) {
          print_row(name.c_str(), workers, batch, encoding(network, config, batch, device), config,
                    device);
        }
      }
    } catch (const Error& error) {
      std::fprintf(stderr, "bench_encoder: warning: %s\n", error.what());
    }
  }
}

}  // namespace
}  // namespace claptools

int main(int argc, char** argv) {
  try {
    const c10::InferenceMode guard;
    claptools::bench(claptools::choose(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_encoder: error: %s\n", error.what());
    return 70;
  }
}
