#include "claptools/families/configured_architecture.hpp"
#include "claptools/families/wavcaps/config.hpp"
#include "claptools/text/wordpiece_tokenizer.hpp"

namespace claptools::wavcaps {
namespace {

class WavCaps : public ConfiguredArchitecture<Config> {
 public:
  explicit WavCaps(const Config& config)
      : ConfiguredArchitecture(config, make_spec(Config::kFamilyName, config, ShortAudio::zero)) {}

  std::optional<LogitScale> logit_scale() const override { return LogitScale{"temp", false}; }
  std::unique_ptr<Tokenizer> tokenizer(const std::filesystem::path& vocabulary) const override {
    return read_wordpiece_tokenizer(vocabulary, static_cast<std::size_t>(config().text.vocab_size));
  }

 private:
  std::vector<Property> own_properties() const override {
    return {{"embed_dim", double(config().embed_dim)}, {"short_audio", "zero"}};
  }
};

/// MGA-CLAP's checkpoints have other projections and a codebook.
bool recognises(const ModelSource& source) {
  if (!source.config.empty()) return source.model_type == Config::kFamilyName;
  const auto has = [&](const std::string& name) { return source.weights.tensors.contains(name); };
  return has(std::string(kAudioHead) + ".0.weight") &&
         has(std::string(kAudioTower) + "bn0.weight") &&
         has(std::string(kTextTower) + "embeddings.word_embeddings.weight");
}

std::shared_ptr<const Architecture> open(const ModelSource& source, const Log& log) {
  return std::make_shared<const WavCaps>(
      finish_config(read_source(source, log, default_config()), source, log));
}

}  // namespace

extern const Family kFamily;
const Family kFamily = {Config::kFamilyName, recognises, open};

}  // namespace claptools::wavcaps
