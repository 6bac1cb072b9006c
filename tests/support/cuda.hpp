#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/model/device/device.hpp"

namespace claptools::testing {

/// Tests of a GPU against the processor; skipped, saying so, where there is none. With
/// CLAPTOOLS_TEST_DEVICE=cpu they compare the processor with itself, as far as it goes: so the
/// tests themselves are tried where there is no GPU (scripts/gpu-check --device cpu).
class Cuda : public ::testing::Test {
 protected:
  void SetUp() override {
    if (on_gpu() && count_cuda_devices() == 0) GTEST_SKIP() << "no CUDA device here";
  }

  static std::string device() {
    const char* name = std::getenv("CLAPTOOLS_TEST_DEVICE");
    return name ? name : "cuda";
  }
  static bool on_gpu() { return device() != "cpu"; }
};

/// Keeps what is reported.
class KeptLog {
 public:
  Log log() {
    return [this](LogLevel, std::string_view text) { said_.emplace_back(text); };
  }
  const std::vector<std::string>& said() const { return said_; }

 private:
  std::vector<std::string> said_;
};

}  // namespace claptools::testing
