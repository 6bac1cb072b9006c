#include "claptools/families/mga_clap/architecture.hpp"

#include "claptools/core/error.hpp"
#include "claptools/families/family.hpp"
#include "claptools/families/mga_clap/parameters.hpp"
#include "claptools/families/tower_parameters.hpp"
#include "claptools/text/wordpiece_tokenizer.hpp"

namespace claptools::mga_clap {

// Not in an unnamed namespace: the plug-in has a copy of this type, and config_of() there must know
// it again.
class MgaClap : public Architecture {
 public:
  explicit MgaClap(const ModelConfig& config);

  const ModelSpec& spec() const override { return spec_; }
  std::string config_json() const override { return format_config(config_); }
  std::vector<Parameter> parameters() const override { return model_parameters(config_); }
  std::optional<LogitScale> logit_scale() const override { return LogitScale{"temp", false}; }
  std::vector<Property> properties() const override;
  std::unique_ptr<Tokenizer> tokenizer(const std::filesystem::path& vocabulary) const override;
  const ModelConfig& config() const { return config_; }

 private:
  ModelConfig config_;
  ModelSpec spec_;
};

namespace {

std::size_t size(int n) { return static_cast<std::size_t>(n); }

ModelSpec make_spec(const ModelConfig& config) {
  ModelSpec spec;
  spec.family = config.model_type;
  spec.name = config.name;
  spec.dim = size(config.embed_dim);
  spec.max_tokens = size(config.text.max_tokens);
  spec.codewords = config.has_codebook() ? size(config.codebook_size) : 0;
  spec.audio = htsat_spec(config.audio, ShortAudio::zero);
  spec.audio.frames = size(config.audio.frames());
  return spec;
}

}  // namespace

MgaClap::MgaClap(const ModelConfig& config) : config_(config), spec_(make_spec(config)) {}

std::vector<Property> MgaClap::properties() const {
  std::vector<Property> rows = {{"embed_dim", double(config_.embed_dim)},
                                {"codebook_size", double(config_.codebook_size)},
                                {"codebook_temperature", config_.codebook_temperature}};
  add_audio_rows(rows, config_.audio, spec_.audio.frames);
  add_text_rows(rows, config_.text);
  return rows;
}

std::unique_ptr<Tokenizer> MgaClap::tokenizer(const std::filesystem::path& vocabulary) const {
  return read_wordpiece_tokenizer(vocabulary, size(config_.text.vocab_size));
}

namespace {

bool recognises(const ModelSource& source) {
  if (!source.config.empty()) return source.model_type.empty() || source.model_type == "mga-clap";
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
const Family kFamily = {"mga-clap", recognises, open};

std::shared_ptr<const Architecture> make_architecture(const ModelConfig& config) {
  return std::make_shared<const MgaClap>(config);
}

const ModelConfig& config_of(const Architecture& architecture) {
  if (const auto* ours = dynamic_cast<const MgaClap*>(&architecture)) return ours->config();
  throw Error(Fault::data, architecture.spec().name,
              "is of the family " + architecture.spec().family + ", which does not support this");
}

}  // namespace claptools::mga_clap
