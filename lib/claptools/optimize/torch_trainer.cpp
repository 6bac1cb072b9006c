#include "claptools/optimize/torch_trainer.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "claptools/core/error.hpp"
#include "claptools/core/random.hpp"
#include "claptools/model/device/allocator_tuning.hpp"
#include "claptools/model/device/device.hpp"
#include "claptools/model/networks/networks.hpp"
#include "claptools/optimize/adam.hpp"
#include "claptools/optimize/contrastive_loss.hpp"

namespace claptools {
namespace {

constexpr std::size_t kMaxStates = 1 << 14;  // cached captions; a MiniLM state takes some 40 kB
constexpr double kFirstScale = 65536, kScaleEvery = 2000;

/// Matrix products in half precision while it lives.
class Autocast {
 public:
  Autocast(at::DeviceType device, TrainingPrecision precision) : device_(device) {
    if (precision == TrainingPrecision::fp32) return;
    active_ = true;
    at::autocast::set_autocast_dtype(
        device_, precision == TrainingPrecision::bf16 ? at::kBFloat16 : at::kHalf);
    at::autocast::set_autocast_enabled(device_, true);
  }
  ~Autocast() {
    if (!active_) return;
    at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(device_, false);
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  at::DeviceType device_;
  bool active_ = false;
};

at::Tensor as_tensor(const Matrix& matrix) {
  return at::from_blob(
      const_cast<float*>(matrix.data.data()),
      {static_cast<std::int64_t>(matrix.rows), static_cast<std::int64_t>(matrix.cols)}, at::kFloat);
}

/// The rows of all ranks, one rank after another, on the device of the own ones.
at::Tensor gather_rows(Communicator& processes, const at::Tensor& own) {
  const at::Tensor host = own.detach().to(at::kCPU, at::kFloat).contiguous();
  const std::vector<float> all = processes.gather(
      std::span<const float>(host.data_ptr<float>(), static_cast<std::size_t>(host.numel())));
  return at::tensor(at::ArrayRef<float>(all)).view({-1, own.size(1)}).to(own.device());
}

/// A leaf of the same values: where the backward pass of the loss ends.
at::Tensor leaf(const at::Tensor& x) { return x.detach().clone().set_requires_grad(true); }

std::function<bool(const Parameter&)> frozen_towers(const TrainerOptions& options) {
  return [audio = options.freeze_audio, text = options.freeze_text](const Parameter& parameter) {
    return (audio && parameter.tower == Tower::audio) || (text && parameter.tower == Tower::text);
  };
}

}  // namespace

TorchTrainer::TorchTrainer(ModelFiles start, const TrainerOptions& options, Communicator& processes,
                           const Log& log)
    : max_tokens_(start.spec().max_tokens),
      options_(options),
      processes_(processes),
      device_(open_device(options.device, log)),
      tokenizer_(start.architecture->tokenizer(start.vocabulary)),
      parameters_(start.architecture->parameters(), start.weights, device_, frozen_towers(options)),
      network_(make_trainable_network(*start.architecture, parameters_, device_)) {
  if (options.precision == TrainingPrecision::fp16 && device_.is_cpu())
    throw Error(Fault::usage, "precision", "fp16 needs a GPU");
  keep_all_freed_memory();
  if (processes.size() > 1) exchange_.emplace(parameters_.trained(), processes);
  if (options.precision == TrainingPrecision::fp16) scale_ = kFirstScale;
}

at::Tensor TorchTrainer::embed_audio(const TrainingBatch& batch, RandomPass& pass) const {
  const at::Tensor waveforms = as_tensor(batch.waveforms).to(device_);
  TrainingPass* training = options_.freeze_audio ? nullptr : &pass;
  return network_->embed_audio(waveforms, training);
}

TextBatch TorchTrainer::batch_of(std::span<const std::string> captions) const {
  const TextBatch batch = make_text_batch(*tokenizer_, captions, max_tokens_);
  return {batch.ids.to(device_), batch.attention.to(device_), batch.words.to(device_)};
}

/// A frozen text encoder gives each caption the same states for ever: they are kept.
at::Tensor TorchTrainer::frozen_states(std::span<const std::string> captions,
                                       const at::Tensor& words) {
  const at::NoGradGuard guard;
  std::vector<at::Tensor> each;
  for (const std::string& caption : captions) {
    auto found = states_.find(caption);
    if (found == states_.end()) {
      if (states_.size() >= kMaxStates) states_.clear();
      found = states_.emplace(caption, network_->text_states(batch_of({&caption, 1}), nullptr)[0])
                  .first;
    }
    each.push_back(found->second);
  }
  const at::Tensor states =
      at::zeros({std::ssize(each), words.size(1) + 1, each[0].size(1)}, at::device(device_));
  for (std::int64_t i = 0; i < std::ssize(each); ++i) {
    const at::Tensor& own = each[static_cast<std::size_t>(i)];
    states[i].narrow(0, 0, own.size(0)).copy_(own);
  }
  return states;
}

at::Tensor TorchTrainer::embed_texts(const TrainingBatch& batch, RandomPass& pass) {
  const TextBatch text = batch_of(batch.captions);
  const at::Tensor states = options_.freeze_text ? frozen_states(batch.captions, text.words)
                                                 : network_->text_states(text, &pass);
  return network_->embed_text_states(states, text.words);
}

TorchTrainer::Sides TorchTrainer::embed(const TrainingBatch& batch) {
  if (!device_.is_cpu()) {
    at::Generator generator = at::globalContext().defaultGenerator(device_);
    generator.set_current_seed(hash_seed({options_.seed, batch.step, batch.first}));
  }
  const Autocast autocast(device_.type(), options_.precision);
  RandomPass pass(options_, batch, processes_);
  const at::Tensor audio = embed_audio(batch, pass);
  return {audio.to(at::kFloat), embed_texts(batch, pass).to(at::kFloat)};
}

TorchTrainer::Sides TorchTrainer::gather(const Sides& own) const {
  if (!shares_negatives()) return {leaf(own.audio), leaf(own.text)};
  return {leaf(gather_rows(processes_, own.audio)), leaf(gather_rows(processes_, own.text))};
}

at::Tensor TorchTrainer::gather_identities(const TrainingBatch& batch) const {
  std::vector<std::uint64_t> all = batch.identities;
  if (shares_negatives()) all = processes_.gather(std::span<const std::uint64_t>(all));
  return at::tensor(std::vector<std::int64_t>(all.begin(), all.end())).to(device_);
}

at::Tensor TorchTrainer::contrastive(const Sides& all, const at::Tensor& identities) const {
  const at::Tensor similarity = at::matmul(all.audio, all.text.t()) / network_->temperature();
  const at::Tensor targets = positive_targets(identities);
  return options_.loss == ContrastiveLoss::info_nce
             ? info_nce_loss(similarity, similarity.t(), targets)
             : hard_negative_loss(similarity, similarity.t(), targets, options_.beta,
                                  options_.negative_weights);
}

LossReport TorchTrainer::accumulate(const TrainingBatch& batch, double share, bool last) {
  at::set_num_threads(options_.threads);  // a validation on this thread may have changed it
  const at::AutoGradMode record(true);
  const Sides own = embed(batch);
  const Sides all = gather(own);
  const at::Tensor contrast = contrastive(all, gather_identities(batch));
  const at::Tensor regulariser =
      options_.regularise ? embedding_regulariser(all.audio) + embedding_regulariser(all.text)
                          : at::zeros({}, contrast.options());
  const at::Tensor loss = contrast + regulariser;
  LossReport report{loss.item<double>(), contrast.item<double>(), regulariser.item<double>(),
                    network_->temperature().item<double>()};
  if (!std::isfinite(report.loss)) {
    throw Error(Fault::data, "step " + std::to_string(batch.step), "the loss is not finite");
  }
  torch::autograd::backward({loss * (share * scale_)}, {});
  // Each rank holds the whole loss, but passes on only its own rows' part of it.
  const bool joined = shares_negatives();
  const auto own_rows = [&](const at::Tensor& gradient) {
    if (!joined) return gradient;
    const auto first = static_cast<std::int64_t>(batch.first);
    return gradient.narrow(0, first, own.audio.size(0)) * processes_.size();
  };
  if (exchange_ && last) exchange_->begin();
  torch::autograd::backward({own.audio, own.text},
                            {own_rows(all.audio.grad()), own_rows(all.text.grad())});
  if (exchange_ && last) exchange_->finish();
  return report;
}

WeightSet TorchTrainer::gradients() const {
  WeightSet set;
  for (const TrainedParameter& parameter : parameters_.trained()) {
    if (parameter.value.grad().defined()) add_tensor(set, parameter.name, parameter.value.grad());
  }
  return set;
}

/// Takes the scale out of the gradients. @return whether they are finite; if not, the scale was too
/// large.
bool TorchTrainer::unscale() {
  if (options_.precision != TrainingPrecision::fp16) return true;
  scale_gradients(parameters_.trained(), 1 / scale_);
  const bool finite = std::isfinite(gradient_norm(parameters_.trained()));
  since_ = finite ? since_ + 1 : 0;
  if (!finite) scale_ /= 2;
  if (since_ == kScaleEvery) {
    scale_ *= 2;
    since_ = 0;
  }
  return finite;
}

double TorchTrainer::update(double learning_rate) {
  const bool usable = unscale();
  const double norm = gradient_norm(parameters_.trained());
  if (usable) {
    if (options_.clip_norm > 0 && norm > options_.clip_norm)
      scale_gradients(parameters_.trained(), options_.clip_norm / (norm + 1e-6));
    adam_step(parameters_.trained(), options_, learning_rate);
  }
  forget();
  return norm;
}

void TorchTrainer::forget() {
  for (TrainedParameter& parameter : parameters_.trained())
    parameter.value.mutable_grad() = at::Tensor();
}

WeightSet TorchTrainer::state() const {
  WeightSet set = parameters_.copy(false);
  for (const TrainedParameter& p : parameters_.trained()) {
    const auto add = [&](const char* what, const at::Tensor& tensor) {
      if (tensor.defined()) add_tensor(set, what + p.name, tensor);
    };
    add("moment1/", p.moment1);
    add("moment2/", p.moment2);
    add("steps/", p.steps);
    add("average/", p.average);
  }
  add_tensor(set, "loss_scale", at::tensor({scale_, since_}).to(at::kFloat));
  return set;
}

void TorchTrainer::restore(const WeightSet& state) {
  parameters_.restore(state);
  for (TrainedParameter& p : parameters_.trained()) {
    const auto find = [&](const char* what, at::IntArrayRef shape) {
      const at::Tensor saved = find_tensor(state, what + p.name, shape);
      return saved.defined() ? saved.to(device_) : saved;
    };
    p.moment1 = find("moment1/", p.value.sizes());
    p.moment2 = find("moment2/", p.value.sizes());
    p.steps = find("steps/", {});
    p.average = find("average/", p.value.sizes());
    const auto require = [&](const char* what, const at::Tensor& tensor) {
      if (p.steps.defined() && !tensor.defined())
        throw Error(Fault::data, "checkpoint", std::string("'") + what + p.name + "' is missing");
    };
    require("moment1/", p.moment1);
    require("moment2/", p.moment2);
    if (options_.average_decay > 0) require("average/", p.average);
  }
  const at::Tensor scale = find_tensor(state, "loss_scale", {2});
  if (!scale.defined()) throw Error(Fault::data, "checkpoint", "'loss_scale' is missing");
  scale_ = scale[0].item<double>();
  since_ = scale[1].item<double>();
  forget();
}

}  // namespace claptools
