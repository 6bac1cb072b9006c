#include "claptools/families/configured_architecture.hpp"
#include "claptools/families/laion_clap/parameters.hpp"
#include "claptools/families/model_directory.hpp"
#include "claptools/text/byte_bpe_tokenizer.hpp"

namespace claptools::laion_clap {
namespace {

ShortAudio short_audio_of(const std::string& word) {
  return word == "repeatpad" ? ShortAudio::repeatpad
         : word == "repeat"  ? ShortAudio::repeat
                             : ShortAudio::zero;
}

ModelSpec spec_of(const Config& config) {
  ModelSpec spec = make_spec(Config::kFamilyName, config, short_audio_of(config.short_audio));
  if (config.quantise) spec.audio.front_end += "/16bit";
  spec.audio.views = config.fusion ? kFusionViews : 1;
  return spec;
}

class LaionClap : public ConfiguredArchitecture<Config> {
 public:
  /// @param tables the vocabulary's files.
  LaionClap(const Config& config, std::vector<std::string> tables)
      : ConfiguredArchitecture(config, spec_of(config)), tables_(std::move(tables)) {}

  std::string config_json() const override {
    return is_hf() ? format_hf_config(config()) : format_config(config());
  }
  std::vector<std::pair<std::string, std::string>> side_files() const override {
    if (!is_hf()) return {};
    return {{kFrontEndFile, format_hf_front_end(config())}};
  }
  std::string checkpoint_key() const override { return is_hf() ? "" : "state_dict"; }
  std::optional<LogitScale> logit_scale() const override {
    return LogitScale{"logit_scale_a", true};
  }
  std::vector<std::string> vocabulary_files() const override { return tables_; }
  std::string installed_vocabulary() const override { return "vocabularies/roberta/vocab.json"; }
  std::unique_ptr<Tokenizer> tokenizer(const std::filesystem::path& vocabulary) const override {
    // laion-clap cuts with Python's slow tokenizer.
    return read_byte_bpe_tokenizer(vocabulary_paths(vocabulary), roberta_options(!is_hf()),
                                   static_cast<std::size_t>(config().text.vocab_size));
  }

 private:
  bool is_hf() const { return config().layout == Layout::transformers; }
  std::vector<Property> own_properties() const override {
    const Config& c = config();
    return {{"layout", is_hf() ? "transformers" : "laion"},
            {"embed_dim", double(c.embed_dim)},
            {"fusion", c.fusion ? "yes" : "no"},
            {"quantise", c.quantise ? "16 bits" : "no"},
            {"short_audio", c.short_audio},
            {"mel_filters", c.audio.mel_filters == MelFilters::htk ? "htk" : "slaney"}};
  }

  std::vector<std::string> tables_;
};

constexpr const char* kAudioWeight = "audio_branch.patch_embed.proj.weight";

bool recognises(const ModelSource& source) {
  if (!source.config.empty()) {
    return source.model_type == "clap" || source.model_type == Config::kFamilyName;
  }
  return source.weights.tensors.contains(kAudioWeight);
}

/// Some folders have the tables in one file.
std::shared_ptr<const Architecture> open(const ModelSource& source, const Log& log) {
  const Layout layout = source.config.empty() ? Layout::laion : Layout::transformers;
  const Config config = source.model_type == "clap"
                            ? read_hf_config(source)
                            : read_source(source, log, default_config(layout));
  const std::vector<std::string> tables = {kByteVocabularyFile, kMergesFile};
  const Config whole = finish_config(config, source, log);
  return std::make_shared<const LaionClap>(whole,
                                           find_tables(source, {tables, {kTokenizerFile}}, tables));
}

}  // namespace

extern const Family kFamily;
const Family kFamily = {Config::kFamilyName, recognises, open};

}  // namespace claptools::laion_clap
