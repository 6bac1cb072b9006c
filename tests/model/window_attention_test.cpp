#include "claptools/model/layers/window_attention.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "claptools/core/random.hpp"

namespace claptools {
namespace {

using Index = std::int64_t;

std::vector<float> noise(Index size, double scale, Random& random) {
  std::vector<float> values(static_cast<std::size_t>(size));
  for (float& value : values) value = static_cast<float>(scale * random.normal());
  return values;
}

/// The same in double, as the formula is written. @return of token t's head h in window w.
std::vector<double> attend(const WindowAttention& a, Index w, Index h, Index t) {
  const Index width = a.heads * a.head;
  const auto part = [&](Index token, Index which) {
    return a.qkv + (w * a.tokens + token) * 3 * width + which * width + h * a.head;
  };
  const Index window = w % a.bias_windows,
              which = a.bias_of_window ? a.bias_of_window[window] : window;
  const float* bias = a.bias + ((which * a.heads + h) * a.tokens + t) * a.tokens;
  std::vector<double> logits;
  for (Index j = 0; j < a.tokens; ++j) {
    double product = 0;
    for (Index c = 0; c < a.head; ++c) product += double{part(t, 0)[c]} * part(j, 1)[c];
    logits.push_back(product / std::sqrt(static_cast<double>(a.head)) + bias[j]);
  }
  const double largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (double& logit : logits) sum += logit = std::exp(logit - largest);
  std::vector<double> mixed(static_cast<std::size_t>(a.head));
  for (Index j = 0; j < a.tokens; ++j) {
    for (std::size_t c = 0; c < mixed.size(); ++c)
      mixed[c] += logits[static_cast<std::size_t>(j)] / sum * part(j, 2)[c];
  }
  return mixed;
}

struct Shape {
  Index windows, tokens, heads, head, bias_windows;
};

class WindowAttentionOf : public ::testing::TestWithParam<Shape> {};

void compare(const Shape& shape, const std::int64_t* bias_of_window) {
  const auto [windows, tokens, heads, head, bias_windows] = shape;
  Random random(7);
  const Index width = heads * head;
  const auto qkv = noise(windows * tokens * 3 * width, 2, random);
  auto bias = noise(bias_windows * heads * tokens * tokens, 3, random);
  for (std::size_t i = 0; i < bias.size(); i += 5) bias[i] -= 100;  // as the shift mask does
  std::vector<float> out(static_cast<std::size_t>(windows * tokens * width));
  const WindowAttention attention{windows,     tokens,       heads,      head,          qkv.data(),
                                  bias.data(), bias_windows, out.data(), bias_of_window};
  attend_windows(attention);
  for (Index w = 0; w < windows; ++w) {
    for (Index h = 0; h < heads; ++h) {
      for (Index t = 0; t < tokens; ++t) {
        const auto expected = attend(attention, w, h, t);
        for (Index c = 0; c < head; ++c) {
          ASSERT_NEAR(out[static_cast<std::size_t>((w * tokens + t) * width + h * head + c)],
                      expected[static_cast<std::size_t>(c)], 1e-5)
              << "window " << w << ", head " << h << ", token " << t << ", channel " << c;
        }
      }
    }
  }
}

TEST_P(WindowAttentionOf, IsThatOfTheFormula) { compare(GetParam(), nullptr); }

TEST_P(WindowAttentionOf, TakesTheBiasNamedForAWindow) {
  std::vector<std::int64_t> backwards;
  for (Index w = GetParam().bias_windows; w-- > 0;) backwards.push_back(w);
  compare(GetParam(), backwards.data());
}

// Published size, demonstration model, and sizes that fill no register.
INSTANTIATE_TEST_SUITE_P(Shapes, WindowAttentionOf,
                         ::testing::Values(Shape{8, 64, 4, 24, 4}, Shape{2, 144, 4, 16, 1},
                                           Shape{3, 49, 3, 10, 3}, Shape{2, 1, 2, 1, 1},
                                           Shape{1, 18, 1, 40, 1}));

}  // namespace
}  // namespace claptools
