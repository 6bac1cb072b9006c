#include "claptools/families/laion_clap/architecture.hpp"

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/families/laion_clap/parameters.hpp"
#include "claptools/families/tower_parameters.hpp"
#include "claptools/text/byte_bpe_tokenizer.hpp"

namespace claptools::laion_clap {

// Not in an unnamed namespace: the plug-in has a copy of this type, and config_of() there must know
// it again.
class LaionClap : public Architecture {
 public:
  /// @param tables the vocabulary's files.
  LaionClap(const Config& config, std::vector<std::string> tables);

  const ModelSpec& spec() const override { return spec_; }
  std::string config_json() const override {
    return is_hf() ? format_hf_config(config_) : format_config(config_);
  }
  std::vector<std::pair<std::string, std::string>> side_files() const override;
  std::string checkpoint_key() const override { return is_hf() ? "" : "state_dict"; }
  std::vector<Parameter> parameters() const override { return model_parameters(config_); }
  std::optional<LogitScale> logit_scale() const override {
    return LogitScale{"logit_scale_a", true};
  }
  std::vector<Property> properties() const override;
  std::vector<std::string> vocabulary_files() const override { return tables_; }
  std::string installed_vocabulary() const override { return "vocabularies/roberta/vocab.json"; }
  std::unique_ptr<Tokenizer> tokenizer(const std::filesystem::path& vocabulary) const override;
  const Config& config() const { return config_; }

 private:
  bool is_hf() const { return config_.layout == Layout::transformers; }

  Config config_;
  std::vector<std::string> tables_;
  ModelSpec spec_;
};

namespace {

std::size_t size(int n) { return static_cast<std::size_t>(n); }

ShortAudio short_audio_of(const std::string& word) {
  return word == "repeatpad" ? ShortAudio::repeatpad
         : word == "repeat"  ? ShortAudio::repeat
                             : ShortAudio::zero;
}

ModelSpec make_spec(const Config& config) {
  ModelSpec spec;
  spec.family = kFamilyName;
  spec.name = config.name;
  spec.dim = size(config.embed_dim);
  spec.max_tokens = size(config.text.max_tokens);
  spec.audio = htsat_spec(config.audio, short_audio_of(config.short_audio));
  if (config.quantise) spec.audio.front_end += "/16bit";
  spec.audio.views = config.fusion ? kFusionViews : 1;
  return spec;
}

}  // namespace

LaionClap::LaionClap(const Config& config, std::vector<std::string> tables)
    : config_(config), tables_(std::move(tables)), spec_(make_spec(config)) {}

std::vector<Property> LaionClap::properties() const {
  std::vector<Property> rows = {
      {"layout", is_hf() ? "transformers" : "laion"},
      {"embed_dim", double(config_.embed_dim)},
      {"fusion", config_.fusion ? "yes" : "no"},
      {"quantise", config_.quantise ? "16 bits" : "no"},
      {"short_audio", config_.short_audio},
      {"mel_filters", config_.audio.mel_filters == MelFilters::htk ? "htk" : "slaney"}};
  add_audio_rows(rows, config_.audio, 0);
  add_text_rows(rows, config_.text);
  return rows;
}

std::vector<std::pair<std::string, std::string>> LaionClap::side_files() const {
  if (!is_hf()) return {};
  return {{kFrontEndFile, format_hf_front_end(config_)}};
}

std::unique_ptr<Tokenizer> LaionClap::tokenizer(const std::filesystem::path& vocabulary) const {
  // laion-clap cuts with Python's slow tokenizer.
  const ByteBpeOptions options = roberta_options(config_.layout == Layout::laion);
  return read_byte_bpe_tokenizer(vocabulary_paths(vocabulary), options,
                                 size(config_.text.vocab_size));
}

namespace {

constexpr const char* kAudioWeight = "audio_branch.patch_embed.proj.weight";

bool recognises(const ModelSource& source) {
  if (!source.config.empty()) {
    return source.model_type == "clap" || source.model_type == kFamilyName;
  }
  return source.weights.tensors.contains(kAudioWeight);
}

Config read_source(const ModelSource& source, const Log& log) {
  if (source.config.empty()) {
    Config config =
        infer_config(source.weights, default_config(Layout::laion), source.path.native());
    config.name = source.path.stem().native();
    return config;
  }
  if (source.model_type == "clap") return read_hf_config(source);
  return parse_config(source.config_text, source.config.native(), log,
                      default_config(Layout::transformers));
}

/// Some folders have the tables in one file.
std::vector<std::string> find_tables(const ModelSource& source) {
  constexpr const char* kOneFile = "tokenizer.json";
  const std::vector<std::string> tables = {"vocab.json", "merges.txt"};
  const auto has = [folder = source.config.parent_path()](const std::string& name) {
    return is_there(folder / name, Fault::no_input);
  };
  if (source.config.empty() || has(tables[0]) || !has(kOneFile)) return tables;
  return {kOneFile};
}

std::shared_ptr<const Architecture> open(const ModelSource& source, const Log& log) {
  Config config = read_source(source, log);
  if (!source.overrides.empty()) {
    const std::string json = read_json_file(source.overrides);
    config = parse_config(json, source.overrides.native(), log, config);
  }
  check_config(config, source.path.native());
  return std::make_shared<const LaionClap>(config, find_tables(source));
}

}  // namespace

extern const Family kFamily;
const Family kFamily = {kFamilyName, recognises, open};

const Config& config_of(const Architecture& architecture) {
  if (const auto* ours = dynamic_cast<const LaionClap*>(&architecture)) return ours->config();
  throw Error(Fault::internal, architecture.spec().name, "is not of the family laion-clap");
}

}  // namespace claptools::laion_clap
