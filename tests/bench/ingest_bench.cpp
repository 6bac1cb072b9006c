// What stands before the model, on one thread: decoding, resampling, log-mel.
//
//   bench_ingest FILE...        prints files per second and per CPU second, the best of five passes
//
// log-mel is that of the files' own length, up to a window of the model, as clap-embed computes it.

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/tensor.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <vector>

#include "claptools/audio/audio_reader.hpp"
#include "claptools/families/derived_weights.hpp"
#include "claptools/families/mga_clap/config.hpp"
#include "claptools/features/log_mel.hpp"

namespace claptools {
namespace {

void ingest(const char* file, const AudioConfig& config, const LogMel& features,
            std::vector<float>& samples) {
  AudioReader reader(file, config.sample_rate);
  const std::size_t count = reader.read(samples);
  const at::Tensor waveform =
      at::from_blob(samples.data(), {1, static_cast<std::int64_t>(count)}, at::kFloat);
  features(waveform);
}

void bench(int count, char** files) {
  at::set_num_threads(1);
  const c10::InferenceMode guard;
  const AudioConfig config;
  const std::vector<float> filters = mel_filters(config);
  const LogMel features(
      config, at::tensor(at::ArrayRef<float>(filters)).view({config.n_fft / 2 + 1, config.n_mels}),
      at::kFloat);
  std::vector<float> samples(static_cast<std::size_t>(config.window_samples()));
  double wall = 0, cpu = 0;
  for (int pass = 0; pass < 5; ++pass) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t begun = std::clock();
    for (int i = 0; i < count; ++i) ingest(files[i], config, features, samples);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    wall = std::max(wall, count / took.count());
    cpu = std::max(cpu, count * double{CLOCKS_PER_SEC} / static_cast<double>(std::clock() - begun));
  }
  std::printf("files_per_s\tfiles_per_cpu_s\n%.1f\t%.1f\n", wall, cpu);
}

}  // namespace
}  // namespace claptools

int main(int argc, char** argv) {
  try {
    claptools::bench(argc - 1, argv + 1);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_ingest: error: %s\n", error.what());
    return 70;
  }
}
