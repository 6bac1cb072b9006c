#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "claptools/store/embedding_file.hpp"

namespace claptools::testing {

inline std::string store_data(const std::string& name) {
  return std::string(CLAPTOOLS_TEST_DATA) + "/store/" + name;
}

/// Rows with everything an audio file can hold: numbers follow from the row, row i has i % 3
/// frames.
struct ExampleRows {
  std::vector<Segment> segments;
  Matrix embeddings, frames;
  std::vector<std::vector<std::string>> meta{{}, {}};
  std::vector<std::size_t> frame_counts;

  ExampleRows(std::size_t rows, std::size_t dim) : embeddings(rows, dim) {
    std::size_t frame_total = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      const auto seconds = static_cast<double>(i);
      segments.push_back({"clips/" + std::to_string(i) + ".wav", seconds, seconds + 10});
      meta[0].push_back("label " + std::to_string(i % 7));
      meta[1].push_back(i % 5 == 0 ? "" : "key" + std::string(i % 50, 'x'));
      frame_counts.push_back(i % 3);
      frame_total += i % 3;
    }
    frames = Matrix(frame_total, dim);
    fill(embeddings, 1.0F);
    fill(frames, -1.0F);
  }

  EmbeddingRows view(std::size_t first, std::size_t count) {
    std::size_t first_frame = 0, frame_count = 0;
    for (std::size_t i = 0; i < first; ++i) first_frame += frame_counts[i];
    for (std::size_t i = first; i < first + count; ++i) frame_count += frame_counts[i];
    part_.clear();
    for (const auto& column : meta) part_.emplace_back(&column[first], &column[first] + count);
    return {std::span(segments).subspan(first, count), embeddings.view().slice(first, count), part_,
            frames.view().slice(first_frame, frame_count),
            std::span(frame_counts).subspan(first, count)};
  }
  EmbeddingRows all() { return view(0, segments.size()); }

  static EmbeddingHeader header(std::size_t dim) {
    EmbeddingHeader header;
    header.dim = dim;
    header.model_name = "tiny";
    header.model_sha256 = "00ff";
    header.tool = "clap-embed 0.1.0";
    header.command = "clap-embed clips -o out.h5";
    header.created = "2026-01-31T12:00:00Z";
    header.space = "mga-clap:00ff:32000:10s:repeat:none:bf16";
    header.sample_rate = 32000;
    header.window_s = 10;
    header.hop_s = 5;
    header.short_audio = "repeat";
    header.precision = "bf16";
    header.shard_index = 2;
    header.shard_count = 8;
    header.frame_hop_s = 0.3125;
    header.meta_columns = {"label", "a key"};  // not in the order of their names
    return header;
  }

 private:
  /// With unit rows.
  static void fill(Matrix& matrix, float sign) {
    for (std::size_t i = 0; i < matrix.data.size(); ++i) {
      matrix.data[i] = sign * static_cast<float>(i % 1009 + 1) / 1024;
    }
    for (std::size_t row = 0; row < matrix.rows; ++row) {
      double square = 0;
      for (const float value : matrix.row(row)) square += double{value} * value;
      for (float& value : matrix.row(row)) value = static_cast<float>(value / std::sqrt(square));
    }
  }

  std::vector<std::vector<std::string>> part_;
};

}  // namespace claptools::testing
