#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/checkpoints/parameter.hpp"
#include "claptools/families/architecture.hpp"
#include "claptools/families/towers.hpp"

namespace claptools {

/// Lists a model's weights.
class ParameterLister {
 public:
  using Shape = std::vector<std::int64_t>;

  /// What is listed from now on is part of `tower`.
  void enter(Tower tower) { tower_ = tower; }

  void add(const std::string& name, Shape shape) { push({name, std::move(shape)}); }
  /// Moved by the forward pass of a training.
  void statistic(const std::string& name, Shape shape) {
    push({.name = name, .shape = std::move(shape), .trainable = false});
  }
  /// No output depends on it.
  void unused(const std::string& name, Shape shape) {
    push({.name = name, .shape = std::move(shape), .required = false});
  }
  /// It follows from the configuration.
  void derived(const std::string& name, Shape shape, DType dtype = DType::f32) {
    push({name, std::move(shape), dtype, false, false});
  }
  /// Weight and bias of a normalisation.
  void affine(const std::string& name, std::int64_t size);
  void linear(const std::string& name, std::int64_t out, std::int64_t in, bool bias = true);
  /// A batch normalisation with its running statistics.
  void batch_norm(const std::string& name, std::int64_t size);

  std::vector<Parameter> take() { return std::move(list_); }

 private:
  void push(Parameter parameter);

  Tower tower_ = Tower::none;
  std::vector<Parameter> list_;
};

/// The transform and the filters of torchlibrosa, which follow from the configuration.
/// @param extractor prefix of the transform. @param filters name of the filters' weight.
void list_front_end(ParameterLister& list, const std::string& extractor, const std::string& filters,
                    const AudioConfig& config);

/// HTSAT from its first batch normalisation on, under the names of its authors' code.
/// @param prefix of the names, with its point.
void list_htsat(ParameterLister& list, const std::string& prefix, const AudioConfig& config);

/// BERT or RoBERTa without pooler. @param prefix of the names, with its point.
void list_bert(ParameterLister& list, const std::string& prefix, const TextConfig& config);

/// Linear, ReLU, linear: the first and the last have weights.
void list_relu_head(ParameterLister& list, const std::string& name, std::int64_t in,
                    std::int64_t out);

/// Reads sizes off the shapes of named weights.
class WeightShapes {
 public:
  /// Both must outlive it. @param subject for messages.
  WeightShapes(const WeightSet& weights, std::string_view subject)
      : weights_(weights), subject_(subject) {}

  const TensorView* find(const std::string& name) const;

  /// @throws Error{data} naming the weight if it is missing or has no such dimension.
  int size(const std::string& name, std::size_t dimension) const;

  /// How many of prefix0, prefix1, ... have `suffix`.
  int count(const std::string& prefix, const std::string& suffix) const;

 private:
  const WeightSet& weights_;
  std::string_view subject_;
};

/// Sets n_fft where the mel filters are there. @throws Error{data} as WeightShapes::size.
void infer_front_end(AudioConfig& config, const std::string& filters, const WeightShapes& shapes);

/// Sets what the shapes of an HTSAT's weights tell; the front end's are not among them.
/// @throws Error{data} as WeightShapes::size.
void infer_htsat(AudioConfig& config, const std::string& prefix, const WeightShapes& shapes);

/// The same of a BERT's; they do not tell the heads.
void infer_bert(TextConfig& config, const std::string& prefix, const WeightShapes& shapes);

/// What the house knows of a model whose audio tower is an HTSAT, without frame embeddings.
AudioSpec htsat_spec(const AudioConfig& config, ShortAudio short_audio);

/// Adds its rows of clap-model info. @param frames per window; 0: the model has none.
void add_audio_rows(std::vector<Property>& rows, const AudioConfig& config, std::size_t frames);

/// The same of a text tower.
void add_text_rows(std::vector<Property>& rows, const TextConfig& config);
void add_text_rows(std::vector<Property>& rows, const Gpt2Config& config);

}  // namespace claptools
