#include <algorithm>
#include <nlohmann/json.hpp>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/families/mga_clap/import_tower.hpp"

namespace claptools {
namespace {

using Json = nlohmann::json;

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& reason) {
  throw Error(Fault::data, path.native(), reason);
}

Json read_object(const std::filesystem::path& path) {
  Json root = Json::parse(read_json_file(path));
  if (!root.is_object()) fail(path, "not a JSON object");
  return root;
}

/// What the text tower computes, and nothing else.
void check_architecture(const Json& root, const std::filesystem::path& path) {
  const std::pair<const char*, Json> fixed[] = {{"model_type", "bert"},
                                                {"hidden_act", "gelu"},
                                                {"position_embedding_type", "absolute"},
                                                {"type_vocab_size", 2},
                                                {"is_decoder", false}};
  if (!root.contains("model_type")) fail(path, "'model_type' is missing");
  for (const auto& [key, value] : fixed) {
    if (root.contains(key) && root[key] != value) {
      fail(path, std::string("'") + key + "' is " + shorten(root[key].dump()) + ", only " +
                     value.dump() + " is known");
    }
  }
}

}  // namespace

TextConfig read_bert_config(const std::filesystem::path& path, const TextConfig& base) {
  const Json root = read_object(path);
  check_architecture(root, path);
  Json text;
  for (const char* key : {"hidden_size", "num_hidden_layers", "num_attention_heads",
                          "intermediate_size", "max_position_embeddings", "vocab_size"}) {
    if (!root.contains(key)) fail(path, std::string("'") + key + "' is missing");
    text[key] = root[key];
  }
  if (root.contains("layer_norm_eps")) text["layer_norm_eps"] = root["layer_norm_eps"];
  ModelConfig config;
  config.text.max_tokens = base.max_tokens;
  config = parse_config(Json{{"text", text}}.dump(), path.native(), {}, config);
  config.text.max_tokens = std::min(config.text.max_tokens, config.text.max_position_embeddings);
  check_config(config, path.native());
  return config.text;
}

}  // namespace claptools
