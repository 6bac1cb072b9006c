#include "claptools/model/layers/inference_linear.hpp"

#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/zeros.h>
#include <c10/util/Exception.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/processors.hpp"

namespace claptools {
namespace {

/// What this processor has and may use, asked when the program runs. On ARM64 oneDNN takes its
/// 8-bit products from Arm's Compute Library, which has them for every processor of the kind.
#if defined(__x86_64__)
constexpr const char* kNoBfloat16 = "this processor does not compute with it";
bool may_use_avx512() { return usable_instructions() == Instructions::avx512; }
bool multiplies_bytes() { return may_use_avx512() && __builtin_cpu_supports("avx512vnni"); }
bool multiplies_bfloat16() { return may_use_avx512() && __builtin_cpu_supports("avx512bf16"); }
#else
constexpr const char* kNoBfloat16 = "only x86-64 processors and GPUs compute with it";
#if defined(__aarch64__)
bool multiplies_bytes() { return true; }
#else
bool multiplies_bytes() { return false; }
#endif
bool multiplies_bfloat16() { return false; }
#endif

/// An operator that has no C++ function. Called with boxed arguments: their C++ types differ
/// between versions of LibTorch, the schema does not.
class Operator {
 public:
  Operator(const char* name, const char* overload)
      : handle_(c10::Dispatcher::singleton().findSchema({name, overload})) {}

  explicit operator bool() const { return handle_.has_value(); }

  template <class... Arguments>
  c10::IValue operator()(Arguments&&... arguments) const {
    torch::jit::Stack stack;
    torch::jit::push(stack, std::forward<Arguments>(arguments)...);
    handle_->callBoxed(&stack);
    return torch::jit::pop(stack);
  }

 private:
  std::optional<c10::OperatorHandle> handle_;
};

c10::IValue optional_tensor(const at::Tensor& tensor) {
  return tensor.defined() ? c10::IValue(tensor) : c10::IValue();
}

/// oneDNN's product in float32 or bfloat16, GELU and sum done while the result is in the cache.
class PackedLinear : public InferenceLinear {
 public:
  PackedLinear(const at::Tensor& weight, const at::Tensor& bias, std::int64_t rows,
               at::ScalarType type)
      : type_(type), bias_(bias.defined() ? bias.to(type) : bias) {
    static const Operator pack("mkldnn::_reorder_linear_weight", "");
    weight_ = pack(weight.to(type).contiguous(), rows).toTensor();
  }

  static bool available() {
    return at::globalContext().hasMKLDNN() && Operator("mkldnn::_reorder_linear_weight", "") &&
           Operator("mkldnn::_linear_pointwise", "") &&
           Operator("mkldnn::_linear_pointwise", "binary");
  }

  at::Tensor linear(const at::Tensor& x) const override {
    return pointwise(x, "none").to(at::kFloat);
  }
  at::Tensor gelu(const at::Tensor& x) const override { return pointwise(x, "gelu"); }
  at::Tensor add(const at::Tensor& x, const at::Tensor& other) const override {
    if (type_ != at::kFloat) return other + pointwise(x, "none");
    static const Operator product("mkldnn::_linear_pointwise", "binary");
    return product(x, other, weight_, optional_tensor(bias_), "add").toTensor();
  }

 private:
  at::Tensor pointwise(const at::Tensor& x, const char* after) const {
    static const Operator product("mkldnn::_linear_pointwise", "");
    // GELU by the error function, as the official code
    return product(x.to(type_), weight_, optional_tensor(bias_), after,
                   c10::List<std::optional<at::Scalar>>(), "none")
        .toTensor();
  }

  at::ScalarType type_;
  at::Tensor weight_, bias_;
};

/// LibTorch's product in bfloat16, on a GPU.
class CastLinear : public InferenceLinear {
 public:
  CastLinear(const at::Tensor& weight, const at::Tensor& bias)
      : weight_(weight.to(at::kBFloat16)), bias_(bias.defined() ? bias.to(at::kBFloat16) : bias) {}

  at::Tensor linear(const at::Tensor& x) const override { return product(x).to(at::kFloat); }
  at::Tensor gelu(const at::Tensor& x) const override { return at::gelu(product(x)); }
  at::Tensor add(const at::Tensor& x, const at::Tensor& other) const override {
    return other + product(x);
  }

 private:
  at::Tensor product(const at::Tensor& x) const {
    return at::linear(x.to(at::kBFloat16), weight_, bias_);
  }

  at::Tensor weight_, bias_;
};

/// 8-bit weights, a scale for each output; activations quantised by their range as they come.
class Int8Linear : public InferenceLinear {
 public:
  Int8Linear(const at::Tensor& weight, const at::Tensor& bias) {
    static const Operator quantize("aten::quantize_per_channel", ""),
        pack("quantized::linear_prepack", "");
    Silence silence;
    const c10::WarningUtils::WarningHandlerGuard guard(&silence);
    const at::Tensor scales = (weight.abs().amax(1) / 127).clamp_min(1e-12);
    const at::Tensor zeros = at::zeros({weight.size(0)}, at::kLong);
    const auto type = static_cast<std::int64_t>(at::kQInt8);
    weight_ = pack(quantize(weight, scales, zeros, 0, type), optional_tensor(bias));
  }

  static bool available() {
    return Operator("aten::quantize_per_channel", "") &&
           Operator("quantized::linear_prepack", "") && Operator("quantized::linear_dynamic", "") &&
           choose_engine();
  }

  at::Tensor linear(const at::Tensor& x) const override {
    static const Operator product("quantized::linear_dynamic", "");
    const bool seven_bits = at::globalContext().qEngine() != at::QEngine::ONEDNN;
    return product(x, weight_, seven_bits).toTensor();
  }
  at::Tensor gelu(const at::Tensor& x) const override { return at::gelu(linear(x)); }
  at::Tensor add(const at::Tensor& x, const at::Tensor& other) const override {
    return linear(x).add_(other);
  }

 private:
  /// LibTorch says that its quantised tensors will go one day; that is not the user's concern.
  struct Silence : c10::WarningHandler {
    void process(const c10::Warning&) override {}
  };

  /// oneDNN's kernels where the processor multiplies bytes, else FBGEMM's, whose sums of two
  /// products in 16 bits would overflow with activations of more than 7.
  static bool choose_engine() {
    at::Context& context = at::globalContext();
    for (const at::QEngine engine : {at::QEngine::ONEDNN, at::QEngine::FBGEMM}) {
      if (engine == at::QEngine::ONEDNN && !multiplies_bytes()) continue;
      for (const at::QEngine supported : at::Context::supportedQEngines()) {
        if (supported != engine) continue;
        context.setQEngine(engine);
        return true;
      }
    }
    return false;
  }

  c10::IValue weight_;
};

}  // namespace

std::shared_ptr<const InferenceLinear> make_inference_linear(Precision precision,
                                                             const at::Tensor& weight,
                                                             const at::Tensor& bias,
                                                             std::int64_t rows) {
  if (!weight.is_cpu()) {
    if (precision == Precision::int8)
      throw Error(Fault::unavailable, "`precision` int8", "only the CPU computes with it");
    if (precision != Precision::bf16) return nullptr;
    return std::make_shared<CastLinear>(weight, bias);
  }
  switch (precision) {
    case Precision::fp32:
      if (!PackedLinear::available()) return nullptr;
      return std::make_shared<PackedLinear>(weight, bias, rows, at::kFloat);
    case Precision::tf32:
      throw Error(Fault::unavailable, "`precision` tf32", "only a GPU computes with it");
    case Precision::bf16:
      if (!PackedLinear::available() || !multiplies_bfloat16())
        throw Error(Fault::unavailable, "`precision` bf16", kNoBfloat16);
      return std::make_shared<PackedLinear>(weight, bias, rows, at::kBFloat16);
    case Precision::int8:
      if (!Int8Linear::available())
        throw Error(Fault::unavailable, "`precision` int8", "this LibTorch has no 8-bit products");
      return std::make_shared<Int8Linear>(weight, bias);
  }
  throw Error(Fault::internal, "precision", "unknown");
}

}  // namespace claptools
