#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
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

/// The weight that scales cosines of a sound before a softmax over texts.
struct LogitScale {
  std::string weight;
  bool is_logarithm = false;  ///< of the factor; else cosines are divided by it
};

/// What a model is, apart from the values of its weights: one class per family. Never changes.
class Architecture {
 public:
  virtual ~Architecture() = default;

  virtual const ModelSpec& spec() const = 0;

  /// The config.json of a model directory.
  virtual std::string config_json() const = 0;

  /// Further files of a model directory that follow from what the model is: names and contents.
  virtual std::vector<std::pair<std::string, std::string>> side_files() const { return {}; }

  /// What its authors' checkpoints (.pt) keep the weights under; empty: nothing but the weights.
  virtual std::string checkpoint_key() const { return "model"; }

  /// Its weights, in the order of the family's own code.
  virtual std::vector<Parameter> parameters() const = 0;

  /// None: the family was not trained with one.
  virtual std::optional<LogitScale> logit_scale() const { return std::nullopt; }

  /// What clap-model info tells besides spec().
  virtual std::vector<Property> properties() const = 0;

  /// Names of the vocabulary's files in a model directory: of ModelFiles::vocabulary, then of those
  /// that lie beside it.
  virtual std::vector<std::string> vocabulary_files() const { return {"vocab.txt"}; }

  /// Their places, the first of which is given.
  std::vector<std::filesystem::path> vocabulary_paths(const std::filesystem::path& first) const {
    std::vector<std::filesystem::path> paths;
    for (const std::string& name : vocabulary_files())
      paths.push_back(paths.empty() ? first : first.parent_path() / name);
    return paths;
  }

  /// Of a model without a vocabulary beside it: the file among those installed with the tools.
  virtual std::string installed_vocabulary() const { return "vocab-bert-base-uncased.txt"; }

  /// @param vocabulary as ModelFiles::vocabulary. @throws Error{no_input}, {data} if it does not
  /// fit the model.
  virtual std::unique_ptr<Tokenizer> tokenizer(const std::filesystem::path& vocabulary) const = 0;
};

}  // namespace claptools
