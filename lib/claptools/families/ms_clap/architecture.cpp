#include "claptools/families/configured_architecture.hpp"
#include "claptools/families/model_directory.hpp"
#include "claptools/families/ms_clap/parameters.hpp"
#include "claptools/text/byte_bpe_tokenizer.hpp"

namespace claptools::ms_clap {
namespace {

ModelSpec spec_of(const Config& config) {
  ModelSpec spec = make_spec(Config::kFamilyName, config, ShortAudio::repeat);
  spec.audio.front_end += "@" + std::to_string(config.mel_sample_rate);
  return spec;
}

/// GPT-2's; the first token of its vocabulary, "!", became the padding, so that it is found in
/// texts, too. Source: goldens-families README, section 3.
ByteBpeOptions tokenizer_options() {
  ByteBpeOptions options;
  options.separator = " ";
  options.last = "<|endoftext|>";
  options.pad = "!";
  options.written = {"!", "<|endoftext|>"};
  return options;
}

class MsClap : public ConfiguredArchitecture<Config> {
 public:
  /// @param tables the vocabulary's files.
  MsClap(const Config& config, std::vector<std::string> tables)
      : ConfiguredArchitecture(config, spec_of(config)), tables_(std::move(tables)) {}

  std::optional<LogitScale> logit_scale() const override { return LogitScale{"logit_scale", true}; }
  std::vector<std::string> vocabulary_files() const override { return tables_; }
  std::string installed_vocabulary() const override { return "vocabularies/roberta/merges.txt"; }
  std::unique_ptr<Tokenizer> tokenizer(const std::filesystem::path& vocabulary) const override {
    return read_byte_bpe_tokenizer(vocabulary_paths(vocabulary), tokenizer_options(),
                                   static_cast<std::size_t>(config().text.vocab_size));
  }

 private:
  std::vector<Property> own_properties() const override {
    return {{"embed_dim", double(config().embed_dim)},
            {"short_audio", "repeat"},
            {"mel_sample_rate", double(config().mel_sample_rate)}};
  }

  std::vector<std::string> tables_;
};

bool recognises(const ModelSource& source) {
  if (!source.config.empty()) return source.model_type == Config::kFamilyName;
  return source.weights.tensors.contains(std::string(kTextTower) + "wte.weight");
}

/// GPT-2's ids follow from its merges; some folders have them besides.
std::shared_ptr<const Architecture> open(const ModelSource& source, const Log& log) {
  const Config config = finish_config(read_source(source, log, default_config()), source, log);
  return std::make_shared<const MsClap>(
      config,
      find_tables(source, {{kByteVocabularyFile, kMergesFile}, {kMergesFile}, {kTokenizerFile}},
                  {kMergesFile}));
}

}  // namespace

extern const Family kFamily;
const Family kFamily = {Config::kFamilyName, recognises, open};

}  // namespace claptools::ms_clap
