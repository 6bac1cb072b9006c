#include "claptools/model/layers/permute_tokens.hpp"

#include <ATen/ops/index_select.h>
#include <ATen/ops/tensor.h>
#include <torch/csrc/autograd/custom_function.h>

namespace claptools {
namespace {

struct Permutation : torch::autograd::Function<Permutation> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                            const at::Tensor& order, const at::Tensor& inverse) {
    context->save_for_backward({inverse});
    return at::index_select(x, 1, order);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const at::Tensor inverse = context->get_saved_variables()[0];
    return {at::index_select(gradients[0], 1, inverse), {}, {}};
  }
};

}  // namespace

at::Tensor index_tensor(const TokenOrder& order, const at::Device& device) {
  return at::tensor(at::IntArrayRef(order)).to(device);
}

at::Tensor permute_tokens(const at::Tensor& x, const at::Tensor& order, const at::Tensor& inverse) {
  return x.requires_grad() ? Permutation::apply(x, order, inverse) : at::index_select(x, 1, order);
}

}  // namespace claptools
