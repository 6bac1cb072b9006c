#include "claptools/metrics/score_codes.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

// The bits of positive floats rise with them; subnormal ones are slow and left out.
constexpr std::uint32_t kFirst = 0x00800000;
constexpr std::uint32_t kEnd = 0x7f800000;

}  // namespace

ScoreCodes::ScoreCodes(std::vector<double> scores) {
  scores.push_back(0);
  std::ranges::sort(scores);
  // Not std::ranges::unique, whose subrange Clang 14 does not take. -0 equals 0.
  scores.erase(std::unique(scores.begin(), scores.end()), scores.end());
  if (scores.size() > kEnd - kFirst) throw Error(Fault::data, "scores", "too many different ones");
  distinct_ = std::make_shared<const std::vector<double>>(std::move(scores));
}

float ScoreCodes::code(double score) const {
  if (!distinct_) return static_cast<float>(score);
  const auto at = std::ranges::lower_bound(*distinct_, score) - distinct_->begin();
  return std::bit_cast<float>(kFirst + static_cast<std::uint32_t>(at));
}

double ScoreCodes::score(float code) const {
  return distinct_ ? (*distinct_)[std::bit_cast<std::uint32_t>(code) - kFirst] : double{code};
}

Matrix to_codes(const DoubleMatrix& scores) {
  const ScoreCodes codes(scores.data);
  Matrix coded(scores.rows, scores.cols);
  std::ranges::transform(scores.data, coded.data.begin(),
                         [&](double score) { return codes.code(score); });
  return coded;
}

}  // namespace claptools
