#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>

#include "claptools/core/error.hpp"
#include "claptools/engine/model.hpp"

namespace claptools::testing {

/// A model whose embedding of a window is (mean, first sample, last sample, length): enough to see
/// which samples came where. One second is its window; a window that holds a sample above 1000 is
/// refused.
class FakeModel : public Model, Codebook {
 public:
  FakeModel() {
    spec_.name = "fake";
    spec_.dim = spec_.codewords = 4;
    spec_.audio = {1000, 1, 1000, 33, 32, FrameGrid{10, 32}, "1000/10"};
  }

  const ModelSpec& spec() const override { return spec_; }
  std::string device() const override { return "cpu"; }

  AudioEmbeddings embed_audio(std::span<const std::span<const float>> clips,
                              const AudioOutputs& outputs) const override {
    AudioEmbeddings result;
    result.clips = Matrix(clips.size(), 4);
    for (std::size_t i = 0; i < clips.size(); ++i) describe(clips[i], result.clips.row(i));
    if (outputs.affinities) result.affinities = result.clips;
    if (outputs.frames) {
      result.frames = Matrix(clips.size() * 32, 4);
      for (std::size_t f = 0; f < result.frames.rows; ++f)
        result.frames.row(f)[0] = static_cast<float>(f % 32);
    }
    largest_batch = std::max(largest_batch.load(), clips.size());
    return result;
  }

  Matrix embed_texts(std::span<const std::string> texts) const override {
    Matrix result(texts.size(), 4);
    for (std::size_t i = 0; i < texts.size(); ++i)
      result.row(i)[0] = static_cast<float>(texts[i].size());
    texts_embedded += texts.size();
    return result;
  }

  Matrix pool(MatrixView affinities) const override {
    Matrix result(affinities.rows, 4);
    std::copy_n(affinities.data, result.data.size(), result.data.begin());
    return result;
  }

  const Codebook* codebook() const override { return this; }
  CodewordMixture audio_codes(std::span<const float>) const override { return {}; }
  CodewordMixture text_codes(const std::string&) const override { return {}; }
  Matrix codewords() const override { return {4, 4}; }

  mutable std::atomic<std::size_t> largest_batch = 0, texts_embedded = 0;

 private:
  static void describe(std::span<const float> clip, std::span<float> row) {
    double sum = 0;
    for (const float x : clip) {
      if (x > 1000) throw Error(Fault::data, "audio", "too loud for this model");
      sum += x;
    }
    row[0] = static_cast<float>(sum / static_cast<double>(clip.size()));
    row[1] = clip.front();
    row[2] = clip.back();
    row[3] = static_cast<float>(clip.size());
  }

  ModelSpec spec_;
};

}  // namespace claptools::testing
