#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "claptools/checkpoints/parameter.hpp"
#include "claptools/families/model_spec.hpp"
#include "claptools/text/tokenizer.hpp"

namespace claptools {

/// A line of what `clap-model info` tells.
struct Property {
  std::string name;
  std::variant<double, std::string> value;
};

/// What a model is, apart from the values of its weights: one class per family. Never changes.
class Architecture {
 public:
  virtual ~Architecture() = default;

  virtual const ModelSpec& spec() const = 0;

  /// The config.json of a model directory.
  virtual std::string config_json() const = 0;

  /// Its weights, in the order of the family's own code.
  virtual std::vector<Parameter> parameters() const = 0;

  /// What clap-model info tells besides spec().
  virtual std::vector<Property> properties() const = 0;

  /// @param vocabulary as ModelFiles::vocabulary. @throws Error{no_input}, {data} if it does not
  /// fit the model.
  virtual std::unique_ptr<Tokenizer> tokenizer(const std::filesystem::path& vocabulary) const = 0;
};

}  // namespace claptools
