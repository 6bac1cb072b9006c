#include "claptools/families/mga_clap/initial_weights.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <regex>
#include <span>

#include "claptools/core/random.hpp"
#include "claptools/families/mga_clap/derived_weights.hpp"
#include "claptools/families/mga_clap/parameters.hpp"

namespace claptools {
namespace {

enum class Scheme {
  constant,  ///< `value`
  normal,    ///< of deviation `value`
  fan,       ///< uniform within 1 / sqrt(fan in): torch's default for Linear and Conv2d
};

struct Rule {
  std::regex pattern;
  Scheme scheme;
  double value = 0;
};

/// The first that is found in a name holds. timm's truncation of normal values at +-2 is left out:
/// it lies 100 deviations away.
std::vector<Rule> make_rules() {
  const auto rule = [](const char* pattern, Scheme scheme, double value = 0) {
    return Rule{std::regex(pattern), scheme, value};
  };
  return {
      rule("^temp$", Scheme::constant, 0.07),
      rule("^codebook$", Scheme::normal, 1),
      rule(R"(running_var$)", Scheme::constant, 1),
      rule(R"(running_mean$)", Scheme::constant, 0),
      rule(R"((norm|norm1|norm2|LayerNorm|bn0|_proj\.[03])\.weight$)", Scheme::constant, 1),
      rule(R"((norm|norm1|norm2|LayerNorm|bn0|_proj\.[03])\.bias$)", Scheme::constant, 0),
      rule(R"((patch_embed\.proj|tscam_conv|^(frame|word)_proj\.[14])\.(weight|bias)$)",
           Scheme::fan),
      rule(R"(^(frame|word)_pool\.query$)", Scheme::fan),
      rule(R"(\.bias$)", Scheme::constant, 0),
      rule(R"(\.weight$|relative_position_bias_table$)", Scheme::normal, 0.02),
  };
}

std::size_t count_of(std::span<const std::int64_t> shape) {
  std::size_t count = 1;
  for (const std::int64_t size : shape) count *= static_cast<std::size_t>(size);
  return count;
}

class Initialiser {
 public:
  Initialiser(const ModelConfig& config, std::uint64_t seed)
      : config_(config), seed_(seed), parameters_(model_parameters(config)) {
    for (const Parameter& p : parameters_) shapes_.emplace(p.name, p.shape);
  }

  WeightSet run() const {
    WeightSet weights;
    for (const Parameter& p : parameters_) {
      if (auto buffer = official_buffer(config_, p)) {
        weights.add(p.name, p.dtype, p.shape, std::move(*buffer));
      } else if (p.dtype == DType::f32) {
        const std::vector<float> values = draw(p);
        const auto bytes = std::as_bytes(std::span(values));
        weights.add(p.name, p.dtype, p.shape, {bytes.begin(), bytes.end()});
      }
    }
    return weights;
  }

 private:
  std::vector<float> draw(const Parameter& p) const {
    const Rule& rule = *std::find_if(rules_.begin(), rules_.end(), [&](const Rule& r) {
      return std::regex_search(p.name, r.pattern);
    });
    std::vector<float> values(count_of(p.shape), static_cast<float>(rule.value));
    Random random(hash_seed({seed_, hash_text(p.name)}));
    if (rule.scheme == Scheme::normal) {
      for (float& value : values) value = static_cast<float>(rule.value * random.normal());
    } else if (rule.scheme == Scheme::fan) {
      const double bound = 1 / std::sqrt(static_cast<double>(fan_in(p)));
      for (float& value : values) value = static_cast<float>(random.uniform(-bound, bound));
    }
    if (p.name.ends_with("word_embeddings.weight")) clear_padding(values);
    return values;
  }

  /// Inputs of one output of a weight (a vector is a row of one), or of the weight of a bias.
  std::size_t fan_in(const Parameter& p) const {
    const bool is_bias = p.name.ends_with(".bias");
    const std::string stem = p.name.substr(0, p.name.rfind('.'));
    const std::span<const std::int64_t> shape = shapes_.at(is_bias ? stem + ".weight" : p.name);
    return count_of(shape.size() > 1 ? shape.subspan(1) : shape);
  }

  /// [PAD] is token 0.
  void clear_padding(std::vector<float>& word_embeddings) const {
    std::fill_n(word_embeddings.begin(), config_.text.hidden_size, 0.0F);
  }

  const ModelConfig& config_;
  std::uint64_t seed_;
  std::vector<Parameter> parameters_;
  std::map<std::string, std::vector<std::int64_t>> shapes_;
  std::vector<Rule> rules_ = make_rules();
};

}  // namespace

WeightSet initial_weights(const ModelConfig& config, std::uint64_t seed) {
  return Initialiser(config, seed).run();
}

}  // namespace claptools
