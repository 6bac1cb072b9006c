#include "claptools/optimize/adam.hpp"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>

namespace claptools {
namespace {

void make_moments(TrainedParameter& parameter) {
  if (parameter.steps.defined()) return;
  parameter.moment1 = at::zeros_like(parameter.value);
  parameter.moment2 = at::zeros_like(parameter.value);
  parameter.steps = at::zeros({}, parameter.value.options());
}

/// Young averages follow faster, so that they do not remember the first weights.
void move_average(TrainedParameter& parameter, double decay) {
  if (!parameter.average.defined()) parameter.average = parameter.value.detach().clone();
  const double updates = parameter.steps.item<double>();
  parameter.average.lerp_(parameter.value, 1 - std::min(decay, (1 + updates) / (10 + updates)));
}

/// CUDA's fused step compares the strides of a weight and its gradient, also along sides of one
/// element, where autograd lets them differ.
at::Tensor laid_out_as(const at::Tensor& value, const at::Tensor& gradient) {
  return gradient.strides() == value.strides() ? gradient : at::empty_like(value).copy_(gradient);
}

}  // namespace

double gradient_norm(const std::vector<TrainedParameter>& parameters) {
  double sum = 0;
  for (const TrainedParameter& parameter : parameters) {
    const at::Tensor& gradient = parameter.value.grad();
    if (!gradient.defined()) continue;
    const double norm = at::linalg_vector_norm(gradient).item<double>();
    sum += norm * norm;
  }
  return std::sqrt(sum);
}

void scale_gradients(const std::vector<TrainedParameter>& parameters, double factor) {
  const at::NoGradGuard guard;
  for (const TrainedParameter& parameter : parameters) {
    at::Tensor gradient = parameter.value.grad();
    if (gradient.defined()) gradient *= factor;
  }
}

void adam_step(std::vector<TrainedParameter>& parameters, const TrainerOptions& options,
               double learning_rate) {
  const at::NoGradGuard guard;
  std::vector<at::Tensor> values, gradients, moments1, moments2, steps;
  for (TrainedParameter& parameter : parameters) {
    if (!parameter.value.grad().defined()) continue;
    make_moments(parameter);
    values.push_back(parameter.value);
    gradients.push_back(laid_out_as(parameter.value, parameter.value.grad()));
    moments1.push_back(parameter.moment1);
    moments2.push_back(parameter.moment2);
    // The fused step takes the number of the update it makes.
    steps.push_back(parameter.steps += 1);
  }
  const auto step = [&](auto fused) {
    fused(values, gradients, moments1, moments2, at::TensorList(), steps, learning_rate,
          options.beta1, options.beta2, options.weight_decay, options.epsilon, false, false,
          std::nullopt, std::nullopt);
  };
  if (options.decoupled_decay) {
    step([](auto&&... arguments) { at::_fused_adamw_(arguments...); });
  } else {
    step([](auto&&... arguments) { at::_fused_adam_(arguments...); });
  }
  if (options.average_decay == 0) return;
  for (TrainedParameter& parameter : parameters) {
    if (parameter.value.grad().defined()) move_average(parameter, options.average_decay);
  }
}

}  // namespace claptools
