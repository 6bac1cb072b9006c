#include <cmath>
#include <sstream>
#include <string>

#include "claptools/core/strings/escape.hpp"
#include "claptools/families/config/check_towers.hpp"
#include "claptools/families/mga_clap/config.hpp"
#include "claptools/families/mga_clap/parameters.hpp"

namespace claptools {

void check_config(const ModelConfig& config, std::string_view subject) {
  require_config(config.model_type == ModelConfig::kFamilyName, subject,
                 "model_type '" + shorten(config.model_type) + "' is not known");
  check_name_and_dim(config.name, config.embed_dim, subject);
  check_range("codebook_size", config.codebook_size, 1, kMaxDimension, subject);
  std::ostringstream temperature;
  temperature << config.codebook_temperature;
  require_config(std::isfinite(config.codebook_temperature) && config.codebook_temperature > 0,
                 subject, "codebook_temperature is " + temperature.str() + ", must be positive");
  require_config(config.has_codebook() || config.pooling == "mean" || config.pooling == "attention",
                 subject,
                 "pooling '" + shorten(config.pooling) + "' is not codebook, mean or attention");
  check_audio(config.audio, subject);
  check_text(config.text, subject);
  check_weight_bytes(model_parameters(config), subject);
}

}  // namespace claptools
