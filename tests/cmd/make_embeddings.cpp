// usage: make_embeddings OUT.h5 KIND MODEL-SHA256 [FRAME-HOP-S [SHORT-AUDIO]] <rows
// Writes an embedding file from a table whose fields are separated by blanks: the columns id,
// start_s, end_s, vector ("0.6,0.8", made a unit vector) and, with a frame hop, frames ("1,0;0,1");
// all other columns become meta/; a vector "failed" is an input that failed. With
// NORMALIZED=absent, 0 or 1 vectors stay as they are and the attribute `normalized` is that; with
// SHARD=I/N the file is that shard.
#include <hdf5.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <sstream>

#include "claptools/core/strings/table.hpp"
#include "claptools/store/embedding_file.hpp"

namespace {

using claptools::Table;

const char* const kNormalized = std::getenv("NORMALIZED");

/// The numbers of "0.6,0.8", scaled to unit length.
std::vector<float> unit_vector(const std::string& text) {
  std::vector<float> values;
  double square = 0;
  std::istringstream in(text);
  for (std::string number; std::getline(in, number, ',');) {
    values.push_back(std::stof(number));
    square += double{values.back()} * values.back();
  }
  if (kNormalized != nullptr) return values;
  for (float& value : values) value = static_cast<float>(value / std::sqrt(square));
  return values;
}

std::vector<std::vector<float>> unit_vectors(const std::string& text) {
  std::vector<std::vector<float>> vectors;
  std::istringstream in(text);
  for (std::string one; std::getline(in, one, ';');) vectors.push_back(unit_vector(one));
  return vectors;
}

claptools::Matrix stacked(const std::vector<std::vector<float>>& vectors) {
  claptools::Matrix matrix(vectors.size(), vectors.at(0).size());
  matrix.data.clear();
  for (const auto& v : vectors) matrix.data.insert(matrix.data.end(), v.begin(), v.end());
  return matrix;
}

void append(claptools::EmbeddingWriter& writer, const Table& table, std::size_t i, bool has_frames,
            const std::vector<std::string>& meta_columns) {
  const auto field = [&](const std::string& column) {
    return table.rows[i][table.require(column, "rows")];
  };
  const claptools::Segment segment{field("id"), std::stod(field("start_s")),
                                   std::stod(field("end_s"))};
  if (field("vector") == "failed") return writer.append_error({segment.id, "decode", "no audio"});
  std::vector<std::vector<std::string>> meta;
  for (const std::string& column : meta_columns) meta.push_back({field(column)});
  const claptools::Matrix row = stacked({unit_vector(field("vector"))});
  claptools::Matrix frames;
  if (has_frames) frames = stacked(unit_vectors(field("frames")));
  const std::size_t frame_count = frames.rows;
  writer.append({{&segment, 1},
                 row,
                 meta,
                 frames,
                 has_frames ? std::span(&frame_count, 1) : std::span<const std::size_t>()});
}

/// As other programs write it.
void set_normalized(const char* path, const std::string& value) {
  const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  H5Adelete(file, "normalized");
  const int number = value == "1";
  if (value != "absent") {
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute =
        H5Acreate2(file, "normalized", H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, H5T_NATIVE_INT, &number);
    H5Aclose(attribute);
    H5Sclose(space);
  }
  H5Fclose(file);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 64;
  std::string rows(std::istreambuf_iterator<char>(std::cin), {});
  std::ranges::replace(rows, ' ', '\t');
  std::istringstream in(rows);
  const Table table = claptools::read_table(in, "rows", claptools::Delimiter::tab);
  claptools::EmbeddingHeader header;
  header.kind = argv[2];
  header.model_name = "made";
  header.model_sha256 = argv[3];
  header.dim = unit_vector(table.rows.at(0)[table.require("vector", "rows")]).size();
  header.tool = header.command = "make_embeddings";
  header.created = "2026-01-31T12:00:00Z";
  header.sample_rate = 32000;
  header.window_s = header.hop_s = 10;
  header.short_audio = argc > 5 ? argv[5] : "zero";
  if (argc > 4) header.frame_hop_s = std::stod(argv[4]);
  if (const char* shard = std::getenv("SHARD")) {
    const std::string text = shard;
    header.shard_index = std::stoi(text);
    header.shard_count = std::stoi(text.substr(text.find('/') + 1));
  }
  for (const std::string& column : table.columns) {
    const std::string own = " id start_s end_s vector frames ";
    if (own.find(" " + column + " ") == std::string::npos) header.meta_columns.push_back(column);
  }
  claptools::EmbeddingWriter writer(argv[1], header, true);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    append(writer, table, i, header.frame_hop_s > 0, header.meta_columns);
  }
  writer.commit();
  if (kNormalized != nullptr) set_normalized(argv[1], kNormalized);
}
