#include "claptools/engine/model.hpp"

#include <algorithm>
#include <numeric>

#include "claptools/checkpoints/check_finite.hpp"
#include "claptools/core/error.hpp"
#include "claptools/engine/plugin.hpp"
#include "claptools/engine/probes.hpp"

namespace claptools {
namespace {

/// Above this cosine between unlike inputs a tower does not tell them apart; sound models stay far
/// below.
constexpr double kCollapsed = 0.995;
constexpr double kLeastSquare = 0.99;  // of a unit row's norm, with room for float32

double dot_rows(const Matrix& rows, std::size_t i, std::size_t j) {
  return std::inner_product(rows.row(i).begin(), rows.row(i).end(), rows.row(j).begin(), 0.0);
}

void check_spread(const Matrix& rows, const Model& model, const char* tower) {
  const auto fail = [&](const std::string& reason) {
    throw Error(Fault::data, model.spec().name, std::string("the ") + tower + " encoder " + reason);
  };
  double sum = 0, largest = -1;
  for (std::size_t i = 0; i < rows.rows; ++i) {
    if (dot_rows(rows, i, i) < kLeastSquare) fail("gives embeddings of zero");
    for (std::size_t j = 0; j < i; ++j) {
      const double cosine = dot_rows(rows, i, j);
      sum += cosine;
      largest = std::max(largest, cosine);
    }
  }
  if (largest <= kCollapsed) return;
  const auto pairs = static_cast<double>(rows.rows * (rows.rows - 1) / 2);
  fail("has collapsed: unlike inputs get the same embedding (mean cosine " +
       std::to_string(sum / pairs) + ")");
}

}  // namespace

std::string_view to_string(Precision precision) {
  switch (precision) {
    case Precision::fp32:
      return "fp32";
    case Precision::tf32:
      return "tf32";
    case Precision::bf16:
      return "bf16";
    case Precision::int8:
      return "int8";
  }
  return "";
}

std::unique_ptr<Model> Model::load(ModelFiles files, const ModelOptions& options, const Log& log) {
  const auto create = reinterpret_cast<CreateModel>(plugin_function(kCreateModel));
  check_finite(files.weights, files.path.native());
  return std::unique_ptr<Model>(create(std::move(files), options, log));
}

Matrix Spectrograms::join_views(MatrixView whole) const {
  Matrix copy(whole.rows, whole.cols);
  std::copy_n(whole.data, copy.data.size(), copy.data.begin());
  return copy;
}

const Codebook& require_codebook(const Model& model) {
  if (const Codebook* codebook = model.codebook()) return *codebook;
  throw Error(Fault::data, model.spec().name, "has no codebook");
}

void Model::check_texts() const { check_texts(embed_texts(probe_texts())); }

void Model::check_texts(const Matrix& embeddings) const { check_spread(embeddings, *this, "text"); }

void Model::check_sounds() const {
  check_spread(embed_probe_sounds_at_once(*this), *this, "audio");
}

}  // namespace claptools
