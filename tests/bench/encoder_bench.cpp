// Speed of the audio tower alone: no files, no decoding, generated weights of the published size.
//
//   bench_encoder [DEVICE] [PRECISION]... [xWORKERS]... [BATCH]... [WORD]...
//   default: cpu fp32 bf16 int8 x1 x2 1 2 4 8
//
// Prints, per precision, number of worker threads and batch size, clips per second, the arithmetic
// rate, and the rate of the tower's matrix products run alone in float32, at::mm and at::bmm at the
// same shapes. The last column says whether batches were replayed as CUDA graphs. Words:
//
//   graphs steps   on a GPU: with CUDA graphs (the default), step by step, or both in turn
//   encode         the tower only, without the products alone
//   brief          three passes of a third of a second instead of five of a second
//   once           one pass of a single batch, to see whether it works at all

#include <ATen/Context.h>
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
#include <string_view>
#include <thread>
#include <vector>

#include "bench/encoder_products.hpp"
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

const std::map<std::string, Precision> kPrecisions = {{"fp32", Precision::fp32},
                                                      {"tf32", Precision::tf32},
                                                      {"bf16", Precision::bf16},
                                                      {"int8", Precision::int8}};

/// How long to measure.
struct Effort {
  int passes = 5;        ///< the fastest counts
  double pass_s = 1;     ///< about
  int warm_up = 4;       ///< calls: as many as record a CUDA graph and replay it
  bool products = true;  ///< the products alone as well
};

/// What the encoder reports, such as that no graph could be recorded.
void print_log(LogLevel, std::string_view message) {
  std::fprintf(stderr, "bench_encoder: %.*s\n", static_cast<int>(message.size()), message.data());
}

/// One call does one batch and returns when the device has done it.
using Work = std::function<void()>;

/// On a GPU as clap-embed does it: waveforms go there, batches are recorded once and replayed.
Work encoding(const MgaClapNetwork& network, const ModelConfig& config, std::int64_t batch,
              const at::Device& device, const RecordPass& record) {
  const at::Tensor waveform = at::randn({batch, config.audio.window_samples()}).mul_(0.1);
  const auto encode = [&network](const at::Tensor& clips) {
    return AudioTensors{{}, network.encode_audio(clips).affinity, {}};
  };
  if (device.is_cpu()) return [=] { encode(waveform); };
  const auto encoder = std::make_shared<GraphedEncoder>(encode, record, device, print_log);
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

/// Calls that take about a pass; warms up on the way.
int calls_in_a_pass(const Work& work, const Effort& effort) {
  for (int i = 0; i < effort.warm_up; ++i) work();
  if (effort.pass_s == 0) return 1;
  const Clock::time_point start = Clock::now();
  work();
  return 1 + static_cast<int>(effort.pass_s / seconds_since(start));
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

struct Choice {
  std::string device = "cpu";
  std::vector<std::string> precisions;
  std::vector<int> workers;
  std::vector<std::int64_t> batches;
  std::vector<std::string> graphs;  ///< "yes", "no"; on a CPU "-"
  Effort effort;
};

struct Row {
  std::string precision, graphs;
  int workers;
  std::int64_t batch;
};

void print_row(const Row& row, const Work& encode, const ModelConfig& config,
               const at::Device& device, const Effort& effort) {
  const std::vector<Product> products = audio_products(config, row.batch);
  double gflop = 0;
  for (const Product& product : products) gflop += product.flops() / 1e9;
  const Work multiply = effort.products ? products_alone(products, device) : Work();
  const int encode_calls = calls_in_a_pass(encode, effort),
            multiply_calls = multiply ? calls_in_a_pass(multiply, effort) : 0;
  double encoded = 0, multiplied = 0;
  for (int pass = 0; pass < effort.passes; ++pass) {  // in turns: other load meets both
    encoded = std::max(encoded, calls_per_second(row.workers, encode_calls, encode));
    if (multiply)
      multiplied = std::max(multiplied, calls_per_second(row.workers, multiply_calls, multiply));
  }
  const auto clips = static_cast<double>(row.batch);
  std::printf("%s\t%d\t%d\t%.2f\t%.2f\t%.1f\t", row.precision.c_str(), row.workers,
              static_cast<int>(row.batch), encoded * clips, gflop / clips, encoded * gflop);
  if (multiply) {
    std::printf("%.1f\t%.2f\t%s\n", multiplied * gflop, encoded / multiplied, row.graphs.c_str());
  } else {
    std::printf("-\t-\t%s\n", row.graphs.c_str());
  }
  std::fflush(stdout);
}

/// @return whether `word` says how to measure.
bool choose_effort(const std::string& word, Effort& effort) {
  if (word == "encode")
    effort.products = false;
  else if (word == "brief")
    effort = {3, 1.0 / 3, 4, effort.products};
  else if (word == "once")
    effort = {1, 0, 1, effort.products};
  else
    return false;
  return true;
}

void fill_choice(Choice& choice) {
  if (choice.precisions.empty()) choice.precisions = {"fp32", "bf16", "int8"};
  if (choice.workers.empty()) choice.workers = {1, 2};
  if (choice.batches.empty()) choice.batches = {1, 2, 4, 8};
  if (choice.device == "cpu")
    choice.graphs = {"-"};
  else if (choice.graphs.empty())
    choice.graphs = {"yes"};
}

Choice choose(int count, char** words) {
  Choice choice;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (choose_effort(word, choice.effort)) continue;
    if (kPrecisions.contains(word))
      choice.precisions.push_back(word);
    else if (word == "graphs" || word == "steps")
      choice.graphs.push_back(word == "graphs" ? "yes" : "no");
    else if (word[0] == 'x')
      choice.workers.push_back(std::stoi(word.substr(1)));
    else if (word[0] >= '0' && word[0] <= '9')
      choice.batches.push_back(std::stoll(word));
    else
      choice.device = word;
  }
  fill_choice(choice);
  return choice;
}

/// All rows of one precision.
void bench_precision(const Choice& choice, const std::string& precision, const ModelConfig& config,
                     const DeviceParameters& weights, const at::Device& device) {
  MgaClapNetwork network(config, weights, device, at::kFloat);
  network.prepare_audio(kPrecisions.at(precision));
  at::globalContext().setFloat32MatmulPrecision(precision == "tf32" ? "high" : "highest");
  for (const std::string& graphs : choice.graphs) {
    const RecordPass record = graphs == "yes" ? open_recorder() : RecordPass();
    if (graphs == "yes" && !record)
      throw Error(Fault::unavailable, "CUDA graphs", "libclaptools_cuda is not there");
    for (const int workers : choice.workers) {
      for (const std::int64_t batch : choice.batches) {
        print_row({precision, graphs, workers, batch},
                  encoding(network, config, batch, device, record), config, device, choice.effort);
      }
    }
  }
}

void bench(const Choice& choice) {
  const at::Device device = open_device(choice.device, {});
  const ModelConfig config;
  const auto weights = std::make_shared<const WeightSet>(synthetic_weights(config, "full-1", 8));
  at::set_num_threads(1);
  keep_freed_memory();  // as clap-embed does
  std::printf(
      "precision\tworkers\tbatch\tclips_per_s\tgflop_per_clip\tgflop_per_s\t"
      "products_alone_gflop_per_s\tshare\tgraphs\n");
  for (const std::string& precision : choice.precisions) {
    try {
      bench_precision(choice, precision, config, DeviceParameters(weights, device), device);
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
