#pragma once

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/engine/model.hpp"

namespace claptools::testing {

/// The words that a WordModel knows, one per dimension.
inline constexpr std::array<std::string_view, 4> kWords = {"dog", "rain", "bell", "car"};

/// Unit vector of the words in a text; of one without any, the direction of "car".
inline std::vector<float> embedding_of(std::string_view text) {
  std::vector<float> row(kWords.size());
  float count = 0;
  for (std::size_t w = 0; w < kWords.size(); ++w)
    if (text.find(kWords[w]) != text.npos) count += row[w] = 1;
  if (count == 0) count = row.back() = 1;
  for (float& value : row) value /= std::sqrt(count);
  return row;
}

/// Unit rows, one per text.
inline Matrix rows_of(std::span<const std::string> texts) {
  Matrix rows(0, kWords.size());
  for (const std::string& text : texts) {
    const auto row = embedding_of(text);
    rows.data.insert(rows.data.end(), row.begin(), row.end());
    ++rows.rows;
  }
  return rows;
}

/// A model that reads words. Its codewords are the words, too.
class WordModel : public Model, public Codebook {
 public:
  WordModel() {
    spec_.name = "words";
    spec_.dim = spec_.codewords = kWords.size();
    spec_.audio = {1000, 1, 1000, 33, 4, FrameGrid{10, 32}, "1000/10"};
  }

  const ModelSpec& spec() const override { return spec_; }
  std::string device() const override { return "cpu"; }
  AudioEmbeddings embed_audio(std::span<const std::span<const float>>,
                              const AudioOutputs&) const override {
    return {};
  }
  Matrix embed_texts(std::span<const std::string> texts) const override { return rows_of(texts); }

  const Codebook* codebook() const override { return this; }
  Matrix codewords() const override {
    Matrix rows(kWords.size(), kWords.size());
    for (std::size_t w = 0; w < kWords.size(); ++w) rows.row(w)[w] = 1;
    return rows;
  }
  /// The clip's samples are the weights of its codewords and, twice, its frames' affinities.
  CodewordMixture audio_codes(std::span<const float> clip) const override {
    CodewordMixture mixture{{clip.begin(), clip.end()}, Matrix(2, kWords.size())};
    for (std::size_t frame = 0; frame < 2; ++frame)
      std::copy(clip.begin(), clip.end(), mixture.affinities.row(frame).begin());
    return mixture;
  }
  CodewordMixture text_codes(const std::string& text) const override {
    CodewordMixture mixture{embedding_of(text), Matrix(0, kWords.size())};
    float sum = 0;
    for (const float weight : mixture.weights) sum += weight;
    for (float& weight : mixture.weights) weight /= sum;
    return mixture;
  }
  Matrix pool(MatrixView affinities) const override {
    Matrix rows(affinities.rows, affinities.cols);
    for (std::size_t r = 0; r < rows.rows; ++r) {
      double square = 0;
      for (const float value : affinities.row(r)) square += double{value} * value;
      for (std::size_t c = 0; c < rows.cols; ++c)
        rows.row(r)[c] = static_cast<float>(affinities.row(r)[c] / std::sqrt(square));
    }
    return rows;
  }

 private:
  ModelSpec spec_;
};

}  // namespace claptools::testing
