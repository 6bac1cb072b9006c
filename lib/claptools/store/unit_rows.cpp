#include "claptools/store/unit_rows.hpp"

#include <cmath>
#include <cstdio>

namespace claptools {
namespace {

// Rounding to float16 moves each value, and so the length, by 2^-11 of it at most.
constexpr double kTolerance = 1e-4, kHalfTolerance = 1e-3;
// Models give lengths about 1 to 1000. What lies beyond is no embedding: memory never filled, a
// division by nothing.
constexpr double kLeastNorm = 1e-10, kMaxNorm = 1e10;

/// In double, where no float32 overflows.
double norm_of(std::span<const float> row) {
  double square = 0;
  for (const float value : row) square += double{value} * value;
  return std::sqrt(square);
}

std::string to_text(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", number);
  return text;
}

/// Empty for a vector that can be used.
std::string fault_of(double norm, Norms norms) {
  if (!std::isfinite(norm)) return "is not finite";
  if (norms == Norms::any || norms == Norms::kept) {
    const bool usable = norm >= kLeastNorm && norm <= kMaxNorm;
    return usable ? "" : "has length " + to_text(norm) + ", which is not an embedding";
  }
  const double tolerance = norms == Norms::unit ? kTolerance : kHalfTolerance;
  if (std::abs(norm - 1) <= tolerance) return {};
  return "has length " + to_text(norm) + ", but the file says 'normalized' = 1";
}

}  // namespace

void require_unit_rows(const hdf5::Input& input, std::span<float> values, std::size_t dim,
                       Norms norms, const std::function<std::string(std::size_t)>& name_of) {
  for (std::size_t row = 0; row * dim < values.size(); ++row) {
    const auto vector = values.subspan(row * dim, dim);
    const double norm = norm_of(vector);
    const std::string fault = fault_of(norm, norms);
    if (!fault.empty()) input.fail(name_of(row) + " " + fault);
    if (norms != Norms::any) continue;
    for (float& value : vector) value = static_cast<float>(value / norm);
  }
}

}  // namespace claptools
