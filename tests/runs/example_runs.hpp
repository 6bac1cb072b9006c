#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "claptools/runs/embedding_run.hpp"
#include "claptools/runs/run_header.hpp"
#include "pipeline/fake_model.hpp"
#include "pipeline/recordings.hpp"
#include "support/temp_dir.hpp"

namespace claptools::testing {

/// 150 recordings for FakeModel, more than one part: short ones, some of
/// several windows, some that fail.
class ExampleRun {
 public:
  static constexpr std::size_t kInputs = 150;
  static constexpr std::array<std::size_t, 4> kBroken = {20, 63, 64, 140};

  ExampleRun() {
    options.window_s = options.hop_s = 1;
    options.min_tail_s = 0.05;
    options.threads = 3;
    for (std::size_t i = 0; i < kInputs; ++i) write(i, is_long(i) ? 4300 : 100 + i);
    for (const std::size_t i : kBroken) write_bytes(path(i), "no recording");
  }

  std::string name(std::size_t i) const { return std::to_string(100 + i) + ".wav"; }
  std::string path(std::size_t i) const { return dir / name(i); }
  void write(std::size_t i, std::size_t samples) { write_bytes(path(i), ramp_wav(samples)); }

  std::vector<AudioInput> inputs() const {
    std::vector<AudioInput> all;
    for (std::size_t i = 0; i < kInputs; ++i) {
      const AudioSource audio{path(i)};
      all.push_back({name(i), audio, {"of " + name(i)}});
    }
    return all;
  }

  EmbeddingHeader header() const {
    EmbeddingHeader header;
    header.dim = 4;
    header.model_name = "fake";
    header.model_sha256 = "00ff";
    header.tool = "test 1";
    header.command = "test";
    header.created = "2026-01-31T12:00:00Z";
    header.meta_columns = {"label"};
    describe_audio(options, model, header);
    header.options = describe_options(options, false);
    return header;
  }

  RunOutput output(const std::string& file, RunJournal::Mode mode, const Log& log = {}) const {
    return {dir / file, mode, run_fingerprint(header(), {"config", "cpu", options.batch}), log};
  }

  EmbeddingRun begin(const std::string& file, RunJournal::Mode mode, const Log& log = {}) const {
    return {model, inputs(), options, header(), output(file, mode, log)};
  }

  /// The bytes that a run makes which nothing disturbs.
  std::string whole() const {
    EmbeddingRun run = begin("whole.h5", RunJournal::Mode::force);
    run.run({}, false);
    run.commit();
    return read_bytes(dir / "whole.h5");
  }

  /// How many of the first `count` inputs are in parts that ended: after block() inputs of the run,
  /// or block() windows of the part.
  std::size_t in_whole_parts(std::size_t count) const {
    std::size_t ended = 0, windows = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (std::ranges::find(kBroken, i) == kBroken.end()) windows += is_long(i) ? 5 : 1;
      if ((i + 1) % options.block() != 0 && windows < options.block()) continue;
      ended = i + 1;
      windows = 0;
    }
    return ended;
  }

  bool has_parts(const std::string& file) const {
    return std::filesystem::exists(dir / ("." + file + ".parts"));
  }

  TempDir dir;
  FakeModel model;
  EmbedOptions options;

 private:
  static bool is_long(std::size_t i) { return i % 50 == 7; }
};

}  // namespace claptools::testing
