#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "claptools/families/config/config_fields.hpp"
#include "claptools/families/towers.hpp"

namespace claptools {

/// Everything that is not a weight: config.json of a model directory.
struct ModelConfig {
  static constexpr const char* kFamilyName = "mga-clap";

  std::string model_type = kFamilyName;
  std::string name = kFamilyName;
  int embed_dim = 1024;
  int codebook_size = 4096;
  double codebook_temperature = 1000;
  std::string pooling = "codebook";  ///< or "mean", "attention": the paper's ablations
  AudioConfig audio;
  TextConfig text;

  bool has_codebook() const { return pooling == "codebook"; }

  struct Fields : TowerFields {
    template <class C, class Field>
    static void top(C& c, Field& field) {
      field("model_type", c.model_type);
      field("name", c.name);
      field("embed_dim", c.embed_dim);
      field("codebook_size", c.codebook_size);
      field("codebook_temperature", c.codebook_temperature);
      field("pooling", c.pooling);
    }
  };
};

/// Overlays the keys of a JSON text on `base`; an unknown key is a warning.
/// @throws Error{data} for what is not JSON, wrong types, and values that no model can have.
ModelConfig parse_config(std::string_view json, std::string_view subject, const Log& log,
                         const ModelConfig& base = {});

/// Reads config.json. @throws Error{no_input}, {data}.
ModelConfig read_config(const std::filesystem::path& path, const Log& log,
                        const ModelConfig& base = {});

/// Indented JSON with all keys, ending in a line break.
std::string format_config(const ModelConfig& config);

/// @throws Error{data} naming `subject` and the first value that does not fit the others.
void check_config(const ModelConfig& config, std::string_view subject);

}  // namespace claptools
