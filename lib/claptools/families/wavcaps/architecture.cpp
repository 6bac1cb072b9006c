#include "claptools/families/wavcaps/architecture.hpp"

#include "claptools/core/error.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/families/family.hpp"
#include "claptools/families/tower_parameters.hpp"
#include "claptools/text/wordpiece_tokenizer.hpp"

namespace claptools::wavcaps {

// Not in an unnamed namespace: the plug-in has a copy of this type, and config_of() there must know
// it again.
class WavCaps : public Architecture {
 public:
  explicit WavCaps(const Config& config);

  const ModelSpec& spec() const override { return spec_; }
  std::string config_json() const override { return format_config(config_); }
  std::vector<Parameter> parameters() const override { return model_parameters(config_); }
  std::optional<LogitScale> logit_scale() const override { return LogitScale{"temp", false}; }
  std::vector<Property> properties() const override;
  std::unique_ptr<Tokenizer> tokenizer(const std::filesystem::path& vocabulary) const override {
    return read_wordpiece_tokenizer(vocabulary, static_cast<std::size_t>(config_.text.vocab_size));
  }
  const Config& config() const { return config_; }

 private:
  Config config_;
  ModelSpec spec_;
};

WavCaps::WavCaps(const Config& config) : config_(config) {
  spec_.family = kFamilyName;
  spec_.name = config.name;
  spec_.dim = static_cast<std::size_t>(config.embed_dim);
  spec_.max_tokens = static_cast<std::size_t>(config.text.max_tokens);
  spec_.audio = htsat_spec(config.audio, ShortAudio::zero);
}

std::vector<Property> WavCaps::properties() const {
  std::vector<Property> rows = {{"embed_dim", double(config_.embed_dim)}, {"short_audio", "zero"}};
  add_audio_rows(rows, config_.audio, 0);
  add_text_rows(rows, config_.text);
  return rows;
}

namespace {

/// MGA-CLAP's checkpoints have other projections and a codebook.
bool recognises(const ModelSource& source) {
  if (!source.config.empty()) return source.model_type == kFamilyName;
  const auto has = [&](const std::string& name) { return source.weights.tensors.contains(name); };
  return has(std::string(kAudioHead) + ".0.weight") &&
         has(std::string(kAudioTower) + "bn0.weight") &&
         has(std::string(kTextTower) + "embeddings.word_embeddings.weight");
}

std::shared_ptr<const Architecture> open(const ModelSource& source, const Log& log) {
  Config config;
  if (source.config.empty()) {
    config = infer_config(source.weights, default_config(), source.path.native());
    config.name = source.path.stem().native();
  } else {
    config = parse_config(source.config_text, source.config.native(), log, default_config());
  }
  if (!source.overrides.empty()) {
    const std::string json = read_json_file(source.overrides);
    config = parse_config(json, source.overrides.native(), log, config);
  }
  check_config(config, source.path.native());
  return std::make_shared<const WavCaps>(config);
}

}  // namespace

extern const Family kFamily;
const Family kFamily = {kFamilyName, recognises, open};

const Config& config_of(const Architecture& architecture) {
  if (const auto* ours = dynamic_cast<const WavCaps*>(&architecture)) return ours->config();
  throw Error(Fault::internal, architecture.spec().name, "is not of the family wavcaps");
}

}  // namespace claptools::wavcaps
