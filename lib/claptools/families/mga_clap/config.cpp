#include "claptools/families/mga_clap/config.hpp"

#include "claptools/core/strings/json.hpp"

namespace claptools {

ModelConfig parse_config(std::string_view json, std::string_view subject, const Log& log,
                         const ModelConfig& base) {
  return parse_config<ModelConfig>(json, subject, log, base);
}

ModelConfig read_config(const std::filesystem::path& path, const Log& log,
                        const ModelConfig& base) {
  return parse_config(read_json_file(path, kMaxConfig), path.native(), log, base);
}

std::string format_config(const ModelConfig& config) { return format_config<ModelConfig>(config); }

}  // namespace claptools
