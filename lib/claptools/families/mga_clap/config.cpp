#include "claptools/families/mga_clap/config.hpp"

#include "claptools/core/strings/json.hpp"
#include "claptools/families/config_fields.hpp"

namespace claptools {
namespace {

constexpr std::size_t kMaxFile = 1 << 20;  // bytes

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

}  // namespace

ModelConfig parse_config(std::string_view json, std::string_view subject, const Log& log,
                         const ModelConfig& base) {
  return read_fields<Fields>(base, json, subject, log);
}

ModelConfig read_config(const std::filesystem::path& path, const Log& log,
                        const ModelConfig& base) {
  return parse_config(read_json_file(path, kMaxFile), path.native(), log, base);
}

std::string format_config(const ModelConfig& config) {
  return write_fields<Fields>(config, config.model_type);
}

}  // namespace claptools
