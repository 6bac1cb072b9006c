#pragma once

#include <string>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/families/family.hpp"
#include "claptools/families/tower_parameters.hpp"

namespace claptools {

/// An architecture that a `Config` describes: a struct with the members name, embed_dim, audio and
/// text, beside which its namespace has format_config() and model_parameters().
template <class Config>
class ConfiguredArchitecture : public Architecture {
 public:
  ConfiguredArchitecture(const Config& config, ModelSpec spec)
      : config_(config), spec_(std::move(spec)) {}

  const Config& config() const { return config_; }

  const ModelSpec& spec() const final { return spec_; }
  std::string config_json() const override { return format_config(config_); }
  std::vector<Parameter> parameters() const final { return model_parameters(config_); }
  std::vector<Property> properties() const final {
    std::vector<Property> rows = own_properties();
    add_audio_rows(rows, config_.audio, spec_.audio.frames);
    add_text_rows(rows, config_.text);
    return rows;
  }

 private:
  /// The rows that are not about the towers; they come first.
  virtual std::vector<Property> own_properties() const = 0;

  Config config_;
  ModelSpec spec_;
};

/// The configuration of an architecture; null if it has one of another type. The plug-in has a copy
/// of these classes: a family's Config must not lie in an unnamed namespace.
template <class Config>
const Config* find_config(const Architecture& architecture) {
  const auto* ours = dynamic_cast<const ConfiguredArchitecture<Config>*>(&architecture);
  return ours ? &ours->config() : nullptr;
}

/// The same. @throws Error{internal} if it has one of another type.
template <class Config>
const Config& config_of(const Architecture& architecture) {
  if (const Config* config = find_config<Config>(architecture)) return *config;
  throw Error(Fault::internal, architecture.spec().name,
              std::string("is not of the family ") + Config::kFamilyName);
}

/// What all families say of a model alike.
template <class Config>
ModelSpec make_spec(const std::string& family, const Config& config, ShortAudio short_audio) {
  ModelSpec spec;
  spec.family = family;
  spec.name = config.name;
  spec.dim = static_cast<std::size_t>(config.embed_dim);
  spec.max_tokens = static_cast<std::size_t>(config.text.max_tokens);
  spec.audio = htsat_spec(config.audio, short_audio);
  return spec;
}

/// The configuration by config.json, or by the shapes of a checkpoint's weights.
/// @param base where they say nothing. @throws Error{data}.
template <class Config>
Config read_source(const ModelSource& source, const Log& log, const Config& base) {
  if (!source.config.empty())
    return parse_config(source.config_text, source.config.native(), log, base);
  Config config = infer_config(source.weights, base, source.path.native());
  config.name = source.path.stem().native();
  return config;
}

/// Overlays what the user overrides and checks the whole.
/// @throws Error{no_input} if that cannot be read, {data}.
template <class Config>
Config finish_config(Config config, const ModelSource& source, const Log& log) {
  if (!source.overrides.empty()) {
    const std::string json = read_json_file(source.overrides);
    config = parse_config(json, source.overrides.native(), log, config);
  }
  check_config(config, source.path.native());
  return config;
}

/// The files of a vocabulary: the first of `choices` whose first file lies beside config.json.
/// @param usual where none does, and for a checkpoint.
std::vector<std::string> find_tables(const ModelSource& source,
                                     const std::vector<std::vector<std::string>>& choices,
                                     const std::vector<std::string>& usual);

}  // namespace claptools
