// usage: h5_check COMMAND FILE [ARGUMENT]...
// An embedding file as text for the scripts beside this:
//   header FILE              its attributes, "name=value" lines
//   rows FILE                id, start_s, end_s, number of frames, CRC-32 of embedding and frames
//   meta FILE COLUMN         the values of a column of meta/, one a line
//   errors FILE              id, stage, message
//   norms FILE               the largest | |x| - 1 | of embeddings and frames
//   difference FILE FILE     the largest |a - b|; "inf" where ids or times differ
//   contained FILE PART      the largest |a - b| between PART's rows and those of FILE with the
//   same
//                            id and times, in any order; "inf" where FILE lacks one
//   angle FILE FILE          the largest 1 - cosine of rows and frames; "inf" as above
//   mean WINDOWS POOLED      the same between the normalised mean of each id's rows and POOLED
//   golden FILE GOLDEN GROUP CLIP [FRAMES]   the same to GOLDEN's datasets /STEM-OF-ID/GROUP/CLIP
//   matrix FILE GOLDEN DATASET               the same between all rows and a dataset
// and
//   strings GOLDEN NAME      a dataset of strings or an attribute of /, one a line
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <limits>
#include <map>

#include "claptools/core/crc32.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/store/embedding_file.hpp"
#include "support/golden_h5.hpp"

namespace {

using claptools::EmbeddingReader;
using claptools::Matrix;
using claptools::testing::GoldenFile;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool has_frames(const EmbeddingReader& file) { return file.header().frame_hop_s > 0; }

Matrix frames(const EmbeddingReader& file, std::size_t row) {
  return has_frames(file) ? file.frames(row) : Matrix(0, file.header().dim);
}

double max_difference(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) return kInfinity;
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(double{a[i]} - b[i]));
  return worst;
}

double norm_error(const Matrix& rows) {
  double worst = 0;
  for (std::size_t i = 0; i < rows.rows; ++i) {
    double square = 0;
    for (const float x : rows.row(i)) square += double{x} * x;
    worst = std::max(worst, std::abs(std::sqrt(square) - 1));
  }
  return worst;
}

void print_header(const EmbeddingReader& file) {
  const auto& h = file.header();
  std::cout << "kind=" << h.kind << "\ndim=" << h.dim << "\nrows=" << file.rows()
            << "\nmodel_name=" << h.model_name << "\nmodel_sha256=" << h.model_sha256
            << "\ntool=" << h.tool << "\ncommand=" << h.command << "\ncreated=" << h.created
            << "\ndtype=" << (h.half ? "f16" : "f32") << "\nsample_rate=" << h.sample_rate
            << "\nwindow_s=" << h.window_s << "\nhop_s=" << h.hop_s
            << "\nshort_audio=" << h.short_audio << "\nprecision=" << h.precision
            << "\nspace=" << h.space << "\nframe_hop_s=" << h.frame_hop_s
            << "\noptions=" << h.options << "\nshard=" << h.shard_index << '/' << h.shard_count
            << "\nmeta=";
  for (std::size_t c = 0; c < h.meta_columns.size(); ++c)
    std::cout << (c > 0 ? " " : "") << h.meta_columns[c];
  std::cout << '\n';
}

void print_meta(const EmbeddingReader& file, const std::string& name) {
  const auto& columns = file.header().meta_columns;
  const auto at = std::ranges::find(columns, name);
  if (at == columns.end()) throw std::runtime_error("no column " + name);
  for (const std::string& value : file.meta(static_cast<std::size_t>(at - columns.begin())))
    std::cout << claptools::escape_tsv(value) << '\n';
}

void print_rows(const EmbeddingReader& file) {
  for (std::size_t i = 0; i < file.rows(); ++i) {
    const auto& segment = file.segments()[i];
    Matrix values = file.embeddings(i, 1);
    const Matrix more = frames(file, i);
    values.data.insert(values.data.end(), more.data.begin(), more.data.end());
    std::cout << claptools::escape_tsv(segment.id) << '\t' << segment.start_s << '\t'
              << segment.end_s << '\t' << more.rows << '\t' << std::hex
              << claptools::crc32(std::as_bytes(std::span(values.data))) << std::dec << '\n';
  }
}

void print_errors(const EmbeddingReader& file) {
  for (const auto& error : file.errors()) {
    std::cout << claptools::escape_tsv(error.id) << '\t' << error.stage << '\t'
              << claptools::escape_tsv(error.message) << '\n';
  }
}

double norms(const EmbeddingReader& file) {
  double worst = norm_error(file.embeddings(0, file.rows()));
  for (std::size_t i = 0; i < file.rows(); ++i)
    worst = std::max(worst, norm_error(frames(file, i)));
  return worst;
}

double difference(const EmbeddingReader& a, const EmbeddingReader& b) {
  if (a.segments() != b.segments() || has_frames(a) != has_frames(b)) return kInfinity;
  double worst = max_difference(a.embeddings(0, a.rows()).data, b.embeddings(0, b.rows()).data);
  for (std::size_t i = 0; i < a.rows(); ++i)
    worst = std::max(worst, max_difference(frames(a, i).data, frames(b, i).data));
  return worst;
}

double contained_difference(const EmbeddingReader& file, const EmbeddingReader& part) {
  double worst = 0;
  for (std::size_t i = 0; i < part.rows(); ++i) {
    const auto found = std::ranges::find(file.segments(), part.segments()[i]);
    if (found == file.segments().end()) return kInfinity;
    const auto at = static_cast<std::size_t>(found - file.segments().begin());
    worst =
        std::max(worst, max_difference(file.embeddings(at, 1).data, part.embeddings(i, 1).data));
  }
  return worst;
}

/// The largest 1 - cosine of a row.
double max_angle(const Matrix& a, const Matrix& b) {
  if (a.data.size() != b.data.size()) return kInfinity;
  double worst = 0;
  for (std::size_t i = 0; i < a.rows; ++i) {
    double product = 0, square_a = 0, square_b = 0;
    for (std::size_t c = 0; c < a.cols; ++c) {
      const double x = a.row(i)[c], y = b.row(i)[c];
      product += x * y;
      square_a += x * x;
      square_b += y * y;
    }
    worst = std::max(worst, 1 - product / std::sqrt(square_a * square_b));
  }
  return worst;
}

double angle(const EmbeddingReader& a, const EmbeddingReader& b) {
  if (a.segments() != b.segments() || has_frames(a) != has_frames(b)) return kInfinity;
  double worst = max_angle(a.embeddings(0, a.rows()), b.embeddings(0, b.rows()));
  for (std::size_t i = 0; i < a.rows(); ++i)
    worst = std::max(worst, max_angle(frames(a, i), frames(b, i)));
  return worst;
}

double mean_difference(const EmbeddingReader& windows, const EmbeddingReader& pooled) {
  std::map<std::string, std::vector<double>> sums;
  for (std::size_t i = 0; i < windows.rows(); ++i) {
    std::vector<double>& sum = sums[windows.segments()[i].id];
    sum.resize(windows.header().dim);
    const Matrix row = windows.embeddings(i, 1);
    std::transform(sum.begin(), sum.end(), row.data.begin(), sum.begin(), std::plus<>());
  }
  if (sums.size() != pooled.rows()) return kInfinity;
  double worst = 0;
  for (std::size_t i = 0; i < pooled.rows(); ++i) {
    const std::vector<double>& sum = sums.at(pooled.segments()[i].id);
    double square = 0;
    for (const double x : sum) square += x * x;
    std::vector<float> mean;
    for (const double x : sum) mean.push_back(static_cast<float>(x / std::sqrt(square)));
    worst = std::max(worst, max_difference(mean, pooled.embeddings(i, 1).data));
  }
  return worst;
}

double golden_difference(const EmbeddingReader& file, const GoldenFile& golden,
                         std::span<char* const> names) {
  double worst = file.rows() > 0 ? 0 : kInfinity;
  for (std::size_t i = 0; i < file.rows(); ++i) {
    const std::string stem = std::filesystem::path(file.segments()[i].id).stem();
    const std::string group = stem + "/" + names[0] + "/";
    worst = std::max(
        worst, max_abs_difference(file.embeddings(i, 1).data, golden.tensor(group + names[1])));
    if (names.size() > 2)
      worst =
          std::max(worst, max_abs_difference(file.frames(i).data, golden.tensor(group + names[2])));
  }
  return worst;
}

int print_strings(const GoldenFile& golden, const std::string& name) {
  const auto texts =
      golden.contains(name) ? golden.strings(name) : golden.string_attribute("/", name);
  for (const std::string& text : texts) std::cout << text << '\n';
  return 0;
}

int run(const std::string& command, std::span<char* const> arguments) {
  if (command == "strings" && arguments.size() == 2)
    return print_strings(GoldenFile(arguments[0]), arguments[1]);
  const EmbeddingReader file(arguments[0]);
  if (command == "header") {
    print_header(file);
  } else if (command == "rows") {
    print_rows(file);
  } else if (command == "errors") {
    print_errors(file);
  } else if (command == "meta" && arguments.size() == 2) {
    print_meta(file, arguments[1]);
  } else if (command == "norms") {
    std::cout << norms(file) << '\n';
  } else if (command == "difference" && arguments.size() == 2) {
    std::cout << difference(file, EmbeddingReader(arguments[1])) << '\n';
  } else if (command == "contained" && arguments.size() == 2) {
    std::cout << contained_difference(file, EmbeddingReader(arguments[1])) << '\n';
  } else if (command == "angle" && arguments.size() == 2) {
    std::cout << angle(file, EmbeddingReader(arguments[1])) << '\n';
  } else if (command == "mean" && arguments.size() == 2) {
    std::cout << mean_difference(file, EmbeddingReader(arguments[1])) << '\n';
  } else if (command == "golden" && arguments.size() >= 4) {
    std::cout << golden_difference(file, GoldenFile(arguments[1]), arguments.subspan(2)) << '\n';
  } else if (command == "matrix" && arguments.size() == 3) {
    const auto golden = GoldenFile(arguments[1]).tensor(arguments[2]);
    std::cout << max_abs_difference(file.embeddings(0, file.rows()).data, golden) << '\n';
  } else {
    return 64;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
  if (arguments.size() < 3) return 64;
  try {
    return run(arguments[1], arguments.subspan(2));
  } catch (const std::exception& e) {
    std::cerr << "h5_check: " << e.what() << '\n';
    return 1;
  }
}
