// With a recorder that does the work again where a CUDA graph would: cuda_test.cpp has the real
// one.

#include "claptools/model/device/graphed_encoder.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace claptools {
namespace {

struct Recorder {
  int recorded = 0, replayed = 0, destroyed = 0;

  struct Again : CudaGraph {
    Recorder& recorder;
    std::function<void()> work;
    Again(Recorder& r, std::function<void()> w) : recorder(r), work(std::move(w)) {}
    ~Again() override { ++recorder.destroyed; }
    void replay() override {
      ++recorder.replayed;
      work();
    }
  };
  RecordPass record() {
    return [this](const std::function<void()>& work) {
      ++recorded;
      work();
      return std::make_unique<Again>(*this, work);
    };
  }
};

AudioTensors twice(const at::Tensor& batch) { return {batch * 2, {}, {}}; }

/// The first element of what a batch of `rows` rows of `value` gives.
float run(GraphedEncoder& encoder, std::int64_t rows, float value) {
  float made = 0;
  encoder.run(at::full({rows, 3}, value), [&](const AudioTensors& output) {
    EXPECT_EQ(output.clips.size(0), rows);
    made = output.clips[0][0].item<float>();
  });
  return made;
}

TEST(GraphedEncoder, RecordsAShapeThatComesAgain) {
  Recorder recorder;
  GraphedEncoder encoder(twice, recorder.record(), at::kCPU, {});
  EXPECT_EQ(run(encoder, 4, 1), 2);
  EXPECT_EQ(recorder.recorded, 0);
  EXPECT_EQ(run(encoder, 4, 3), 6);
  EXPECT_EQ(recorder.recorded, 1);
  EXPECT_EQ(run(encoder, 4, 5), 10);
  EXPECT_EQ(run(encoder, 2, 7), 14);  // the rest of a run: another shape
  EXPECT_EQ(run(encoder, 4, 9), 18);
  EXPECT_EQ(recorder.recorded, 1);
  EXPECT_EQ(recorder.replayed, 3);
}

TEST(GraphedEncoder, ARecordingServesOneCallerAtATime) {
  Recorder recorder;
  GraphedEncoder encoder(twice, recorder.record(), at::kCPU, {});
  run(encoder, 4, 1);
  encoder.run(at::full({4, 3}, 3.0F), [&](const AudioTensors& outer) {
    EXPECT_EQ(run(encoder, 4, 5), 10);  // meanwhile
    EXPECT_EQ(outer.clips[0][0].item<float>(), 6);
  });
  EXPECT_EQ(recorder.recorded, 2);
}

TEST(GraphedEncoder, GoesOnWithoutRecordings) {
  std::string said;
  int tries = 0;
  GraphedEncoder encoder(
      twice,
      [&](const std::function<void()>&) -> std::unique_ptr<CudaGraph> {
        ++tries;
        TORCH_CHECK(false, "not to be recorded");
      },
      at::kCPU, [&](LogLevel, std::string_view text) { said = text; });
  for (int i = 0; i < 4; ++i) EXPECT_EQ(run(encoder, 4, 2), 4);
  EXPECT_EQ(tries, 1);
  EXPECT_NE(said.find("not to be recorded"), std::string::npos);
  GraphedEncoder plain(twice, {}, at::kCPU, {});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(run(plain, 1, 2), 4);
}

TEST(GraphedEncoder, TellsOfFullMemory) {
  GraphedEncoder encoder(twice,
                         [](const std::function<void()>&) -> std::unique_ptr<CudaGraph> {
                           throw c10::OutOfMemoryError({__func__, __FILE__, __LINE__}, "full");
                         },
                         at::kCPU, {});
  run(encoder, 4, 1);
  EXPECT_THROW(run(encoder, 4, 1), c10::OutOfMemoryError);
}

TEST(GraphedEncoder, LetsGoOfIdleRecordingsWhereMemoryIsFull) {
  Recorder recorder;
  std::int64_t most = 8;
  GraphedEncoder encoder(
      [&](const at::Tensor& batch) {
        if (batch.size(0) > most)
          throw c10::OutOfMemoryError({__func__, __FILE__, __LINE__}, "full");
        return twice(batch);
      },
      recorder.record(), at::kCPU, {});
  for (int i = 0; i < 2; ++i) run(encoder, 8, 1);
  most = 4;
  EXPECT_EQ(recorder.destroyed, 0);
  EXPECT_THROW(run(encoder, 6, 1), c10::OutOfMemoryError);
  EXPECT_EQ(recorder.destroyed, 1);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(run(encoder, 4, 1), 2);
  EXPECT_EQ(recorder.recorded, 2);
}

TEST(GraphedEncoder, RecordsOnlySoManyShapes) {
  Recorder recorder;
  GraphedEncoder encoder(twice, recorder.record(), at::kCPU, {});
  constexpr int kMax = GraphedEncoder::kMaxRecordings;
  for (int i = 0; i < 3; ++i) {
    for (int rows = 1; rows <= kMax + 5; ++rows) EXPECT_EQ(run(encoder, rows, 4), 8);
  }
  EXPECT_EQ(recorder.recorded, kMax);
  EXPECT_EQ(recorder.replayed, 2 * kMax);
}

}  // namespace
}  // namespace claptools
