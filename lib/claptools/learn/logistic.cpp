#include "claptools/learn/logistic.hpp"

#include <algorithm>
#include <cmath>

#include "claptools/core/parallel_for.hpp"
#include "claptools/learn/blas.hpp"
#include "claptools/learn/lbfgs.hpp"
#include "claptools/tasks/classify.hpp"

namespace claptools {
namespace {

constexpr std::size_t kBlockRows = 256;
constexpr std::size_t kLanes = 16;  // sums of gradients, however many threads there are

/// What one lane adds up, and its rows in hand.
struct Lane {
  std::vector<double> gradient;  // [outputs * d weights, then outputs biases]
  double loss = 0;
  std::vector<double> rows, logits;  // [block, d], [block, outputs]
};

double log1p_exp(double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}
double sigmoid_of(double x) {
  const double power = std::exp(-std::abs(x));
  return (x >= 0 ? 1 : power) / (1 + power);
}

class LogisticLoss {
 public:
  LogisticLoss(const LabelledRows& data, std::span<const std::size_t> chosen,
               const LogisticOptions& options)
      : data_(data), chosen_(chosen), options_(options) {
    const std::size_t blocks = (chosen.size() + kBlockRows - 1) / kBlockRows;
    lanes_.resize(std::clamp<std::size_t>(blocks, 1, kLanes));
    for (Lane& lane : lanes_) {
      lane.gradient.resize(size());
      lane.rows.resize(kBlockRows * dim());
      lane.logits.resize(kBlockRows * outputs());
    }
    if (openblas_set_num_threads) openblas_set_num_threads(1);
  }

  /// One vector of weights is enough for one of two classes.
  std::size_t outputs() const { return is_binary() ? 1 : data_.class_count; }
  std::size_t dim() const { return data_.rows.cols; }
  std::size_t size() const { return outputs() * (dim() + 1); }
  bool is_binary() const { return data_.choice == ClassChoice::one && data_.class_count == 2; }

  /// The mean over the rows, with the penalty divided likewise.
  double operator()(std::span<const double> x, std::span<double> gradient) {
    parallel_for(lanes_.size(), options_.threads, [&](std::size_t lane) { run(lane, x); });
    const double share = 1 / static_cast<double>(chosen_.size());
    std::ranges::fill(gradient, 0.0);
    double loss = 0;
    for (const Lane& lane : lanes_) {
      loss += lane.loss;
      for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] += lane.gradient[i];
    }
    const double penalty = share / options_.c;
    double square = 0;
    for (double& value : gradient) value *= share;
    for (std::size_t i = 0; i < outputs() * dim(); ++i) {
      square += x[i] * x[i];
      gradient[i] += penalty * x[i];
    }
    return loss * share + penalty * square / 2;
  }

 private:
  void run(std::size_t number, std::span<const double> x) {
    Lane& lane = lanes_[number];
    std::ranges::fill(lane.gradient, 0.0);
    lane.loss = 0;
    for (std::size_t first = number * kBlockRows; first < chosen_.size();
         first += lanes_.size() * kBlockRows)
      add_block(lane, x, chosen_.subspan(first, std::min(kBlockRows, chosen_.size() - first)));
  }

  void add_block(Lane& lane, std::span<const double> x, std::span<const std::size_t> rows) {
    const std::size_t d = dim(), o = outputs();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::ranges::copy(data_.rows.row(rows[i]), lane.rows.begin() + static_cast<long>(i * d));
      std::copy_n(x.begin() + static_cast<long>(o * d), o,
                  lane.logits.begin() + static_cast<long>(i * o));
    }
    const int n = static_cast<int>(rows.size()), width = static_cast<int>(d),
              out = static_cast<int>(o);
    const double one = 1;
    dgemm_("T", "N", &out, &n, &width, &one, x.data(), &width, lane.rows.data(), &width, &one,
           lane.logits.data(), &out);
    for (std::size_t i = 0; i < rows.size(); ++i)
      lane.loss += to_residuals({lane.logits.data() + i * o, o}, data_.classes[rows[i]]);
    dgemm_("N", "T", &width, &out, &n, &one, lane.rows.data(), &width, lane.logits.data(), &out,
           &one, lane.gradient.data(), &width);
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t k = 0; k < o; ++k) lane.gradient[o * d + k] += lane.logits[i * o + k];
  }

  /// Logits become probabilities less what is right. @return the loss of the row.
  double to_residuals(std::span<double> logits, std::span<const std::uint32_t> classes) const {
    if (is_binary()) return binary(logits[0], classes[0] == 1);
    if (data_.choice == ClassChoice::one) return multinomial(logits, classes[0]);
    double loss = 0;
    for (std::size_t k = 0; k < logits.size(); ++k)
      loss += binary(logits[k], std::ranges::binary_search(classes, k));
    return loss;
  }

  static double binary(double& logit, bool is_right) {
    const double loss = log1p_exp(is_right ? -logit : logit);
    logit = sigmoid_of(logit) - (is_right ? 1 : 0);
    return loss;
  }

  static double multinomial(std::span<double> logits, std::size_t right) {
    const double most = *std::ranges::max_element(logits), own = logits[right] - most;
    double sum = 0;
    for (double& logit : logits) sum += logit = std::exp(logit - most);
    for (double& logit : logits) logit /= sum;
    logits[right] -= 1;
    return std::log(sum) - own;
  }

  const LabelledRows& data_;
  std::span<const std::size_t> chosen_;
  const LogisticOptions& options_;
  std::vector<Lane> lanes_;
};

/// The weights and biases of all classes from those that were fitted, and back.
LogisticModel to_model(const std::vector<double>& x, const LogisticLoss& loss,
                       std::size_t class_count) {
  const std::size_t d = loss.dim(), o = loss.outputs();
  LogisticModel model{DoubleMatrix(class_count, d), std::vector<double>(class_count)};
  for (std::size_t c = 0; c < class_count; ++c) {
    const double factor = loss.is_binary() ? static_cast<double>(c) - 0.5 : 1;
    const std::size_t from = loss.is_binary() ? 0 : c;
    for (std::size_t i = 0; i < d; ++i) model.weights.data[c * d + i] = factor * x[from * d + i];
    model.bias[c] = factor * x[o * d + from];
  }
  return model;
}

std::vector<double> to_start(const LogisticModel& model, const LogisticLoss& loss) {
  std::vector<double> x(loss.size());
  if (model.bias.empty()) return x;
  const std::size_t d = loss.dim(), o = loss.outputs();
  const double factor = loss.is_binary() ? 2 : 1;
  const std::size_t first = loss.is_binary() ? 1 : 0;
  for (std::size_t i = 0; i < o * d; ++i) x[i] = factor * model.weights.data[first * d + i];
  for (std::size_t k = 0; k < o; ++k) x[o * d + k] = factor * model.bias[first + k];
  return x;
}

void to_probabilities(std::span<const double> logits, ClassChoice choice, std::span<float> out) {
  const double most = *std::ranges::max_element(logits);
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit - most);
  for (std::size_t c = 0; c < out.size(); ++c)
    out[c] = static_cast<float>(choice == ClassChoice::one ? std::exp(logits[c] - most) / sum
                                                           : sigmoid_of(logits[c]));
}

}  // namespace

LogisticModel fit_logistic(const LabelledRows& data, std::span<const std::size_t> chosen,
                           const LogisticOptions& options, const LogisticModel& start) {
  LogisticLoss loss(data, chosen, options);
  std::vector<double> x = to_start(start, loss);
  LbfgsOptions how;
  how.max_steps = options.max_steps;
  how.gradient_tolerance = options.tolerance;
  how.stop = options.stop;
  minimize([&](auto at, auto gradient) { return loss(at, gradient); }, x, how);
  return to_model(x, loss, data.class_count);
}

Matrix logistic_probabilities(MatrixView weights, std::span<const double> bias, ClassChoice choice,
                              MatrixView rows) {
  Matrix values = cosine_scores(rows, weights);
  std::vector<double> logits(bias.size());
  for (std::size_t i = 0; i < values.rows; ++i) {
    const auto row = values.row(i);
    for (std::size_t c = 0; c < logits.size(); ++c) logits[c] = row[c] + bias[c];
    to_probabilities(logits, choice, row);
  }
  return values;
}

Matrix to_float(const DoubleMatrix& exact) {
  Matrix rounded(exact.rows, exact.cols);
  std::ranges::transform(exact.data, rounded.data.begin(),
                         [](double x) { return static_cast<float>(x); });
  return rounded;
}

}  // namespace claptools
