#include "claptools/families/mga_clap/architecture.hpp"

#include "claptools/families/configured_architecture.hpp"
#include "claptools/families/mga_clap/parameters.hpp"
#include "claptools/text/wordpiece_tokenizer.hpp"

namespace claptools::mga_clap {
namespace {

ModelSpec spec_of(const ModelConfig& config) {
  ModelSpec spec = make_spec(config.model_type, config, ShortAudio::zero);
  spec.codewords = config.has_codebook() ? static_cast<std::size_t>(config.codebook_size) : 0;
  spec.audio.frames = static_cast<std::size_t>(config.audio.frames());
  return spec;
}

class MgaClap : public ConfiguredArchitecture<ModelConfig> {
 public:
  explicit MgaClap(const ModelConfig& config) : ConfiguredArchitecture(config, spec_of(config)) {}

  std::optional<LogitScale> logit_scale() const override { return LogitScale{"temp", false}; }
  std::unique_ptr<Tokenizer> tokenizer(const std::filesystem::path& vocabulary) const override {
    return read_wordpiece_tokenizer(vocabulary, static_cast<std::size_t>(config().text.vocab_size));
  }

 private:
  std::vector<Property> own_properties() const override {
    return {{"embed_dim", double(config().embed_dim)},
            {"codebook_size", double(config().codebook_size)},
            {"codebook_temperature", config().codebook_temperature}};
  }
};

bool recognises(const ModelSource& source) {
  if (!source.config.empty())
    return source.model_type.empty() || source.model_type == ModelConfig::kFamilyName;
  return source.weights.tensors.contains("codebook") ||
         source.weights.tensors.contains("frame_proj.4.weight");
}

std::shared_ptr<const Architecture> open(const ModelSource& source, const Log& log) {
  ModelConfig config = source.config.empty()
                           ? infer_config(source.weights, {}, source.path.native())
                           : parse_config(source.config_text, source.config.native(), log);
  if (!source.overrides.empty()) config = read_config(source.overrides, log, config);
  check_config(config, source.path.native());
  return make_architecture(config);
}

}  // namespace

extern const Family kFamily;
const Family kFamily = {ModelConfig::kFamilyName, recognises, open};

std::shared_ptr<const Architecture> make_architecture(const ModelConfig& config) {
  return std::make_shared<const MgaClap>(config);
}

const ModelConfig& config_of(const Architecture& architecture) {
  if (const ModelConfig* config = find_config<ModelConfig>(architecture)) return *config;
  throw Error(Fault::data, architecture.spec().name,
              "is of the family " + architecture.spec().family + ", which does not support this");
}

}  // namespace claptools::mga_clap
