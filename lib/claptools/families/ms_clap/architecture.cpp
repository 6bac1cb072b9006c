#include "claptools/families/ms_clap/architecture.hpp"

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/families/family.hpp"
#include "claptools/families/ms_clap/parameters.hpp"
#include "claptools/families/tower_parameters.hpp"
#include "claptools/text/byte_bpe_tokenizer.hpp"

namespace claptools::ms_clap {

// Not in an unnamed namespace: the plug-in has a copy of this type, and config_of() there must know
// it again.
class MsClap : public Architecture {
 public:
  /// @param tables the vocabulary's files.
  MsClap(const Config& config, std::vector<std::string> tables);

  const ModelSpec& spec() const override { return spec_; }
  std::string config_json() const override { return format_config(config_); }
  std::vector<Parameter> parameters() const override { return model_parameters(config_); }
  std::optional<LogitScale> logit_scale() const override { return LogitScale{"logit_scale", true}; }
  std::vector<Property> properties() const override;
  std::vector<std::string> vocabulary_files() const override { return tables_; }
  std::string installed_vocabulary() const override { return "vocabularies/roberta/merges.txt"; }
  std::unique_ptr<Tokenizer> tokenizer(const std::filesystem::path& vocabulary) const override;
  const Config& config() const { return config_; }

 private:
  Config config_;
  std::vector<std::string> tables_;
  ModelSpec spec_;
};

namespace {

std::size_t size(int n) { return static_cast<std::size_t>(n); }

ModelSpec make_spec(const Config& config) {
  ModelSpec spec;
  spec.family = kFamilyName;
  spec.name = config.name;
  spec.dim = size(config.embed_dim);
  spec.max_tokens = size(config.text.max_tokens);
  spec.audio = htsat_spec(config.audio, ShortAudio::repeat);
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

}  // namespace

MsClap::MsClap(const Config& config, std::vector<std::string> tables)
    : config_(config), tables_(std::move(tables)), spec_(make_spec(config)) {}

std::vector<Property> MsClap::properties() const {
  std::vector<Property> rows = {{"embed_dim", double(config_.embed_dim)},
                                {"short_audio", "repeat"},
                                {"mel_sample_rate", double(config_.mel_sample_rate)}};
  add_audio_rows(rows, config_.audio, 0);
  add_text_rows(rows, config_.text);
  return rows;
}

std::unique_ptr<Tokenizer> MsClap::tokenizer(const std::filesystem::path& vocabulary) const {
  return read_byte_bpe_tokenizer(vocabulary_paths(vocabulary), tokenizer_options(),
                                 size(config_.text.vocab_size));
}

namespace {

bool recognises(const ModelSource& source) {
  if (!source.config.empty()) return source.model_type == kFamilyName;
  return source.weights.tensors.contains(std::string(kTextTower) + "wte.weight");
}

Config read_source(const ModelSource& source, const Log& log) {
  if (!source.config.empty())
    return parse_config(source.config_text, source.config.native(), log, default_config());
  Config config = infer_config(source.weights, default_config(), source.path.native());
  config.name = source.path.stem().native();
  return config;
}

/// GPT-2's ids follow from its merges; some folders have them besides.
std::vector<std::string> find_tables(const ModelSource& source) {
  const auto has = [folder = source.config.parent_path()](const char* name) {
    return is_there(folder / name, Fault::no_input);
  };
  if (!source.config.empty() && has("vocab.json")) return {"vocab.json", "merges.txt"};
  if (!source.config.empty() && !has("merges.txt") && has("tokenizer.json"))
    return {"tokenizer.json"};
  return {"merges.txt"};
}

std::shared_ptr<const Architecture> open(const ModelSource& source, const Log& log) {
  Config config = read_source(source, log);
  if (!source.overrides.empty()) {
    const std::string json = read_json_file(source.overrides);
    config = parse_config(json, source.overrides.native(), log, config);
  }
  check_config(config, source.path.native());
  return std::make_shared<const MsClap>(config, find_tables(source));
}

}  // namespace

extern const Family kFamily;
const Family kFamily = {kFamilyName, recognises, open};

const Config& config_of(const Architecture& architecture) {
  if (const auto* ours = dynamic_cast<const MsClap*>(&architecture)) return ours->config();
  throw Error(Fault::internal, architecture.spec().name, "is not of the family msclap");
}

}  // namespace claptools::ms_clap
