#include "claptools/families/making.hpp"

#include <cstring>

#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/families/mga_clap/architecture.hpp"
#include "claptools/families/mga_clap/import_tower.hpp"
#include "claptools/families/mga_clap/initial_weights.hpp"
#include "claptools/families/mga_clap/parameters.hpp"
#include "claptools/families/mga_clap/synthetic.hpp"
#include "claptools/families/model_directory.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

/// A model whose configuration may still change.
struct Draft {
  fs::path path;
  ModelConfig config;
  WeightSet weights;
  fs::path vocabulary;
};

ModelFiles finish(Draft draft) {
  check_parameters(draft.weights, model_parameters(draft.config), draft.path.native());
  return {std::move(draft.path), mga_clap::make_architecture(draft.config),
          std::move(draft.weights), std::move(draft.vocabulary)};
}

void require(bool ok, const char* option, const char* reason) {
  if (!ok) throw Error(Fault::usage, option, reason);
}

/// @param done what is done to models of this family only: "trained".
void require_own(const ModelFiles& files, const char* done) {
  const ModelSpec& spec = files.spec();
  if (spec.family == ModelConfig{}.model_type) return;
  throw Error(Fault::data, files.path.native(),
              "models of the family " + spec.family + " cannot be " + done);
}

fs::path weights_file(const fs::path& path) {
  return fs::is_directory(status_of(path, Fault::no_input)) ? path / "model.safetensors" : path;
}

/// From scratch: architecture and vocabulary, no weights yet.
Draft make_draft(const StartOptions& options, const fs::path& default_vocabulary, const Log& log) {
  Draft files;
  if (!options.config.empty()) files.config = read_config(options.config, log);
  files.path = options.config.empty() ? "scratch" : options.config;
  files.vocabulary = default_vocabulary;
  const fs::path text = weights_file(options.text_weights);
  if (!text.empty()) {
    files.config.text = read_bert_config(text.parent_path() / "config.json", files.config.text);
    const fs::path own = text.parent_path() / "vocab.txt";
    if (is_there(own, Fault::no_input)) files.vocabulary = own;
  }
  if (!options.vocabulary.empty()) files.vocabulary = options.vocabulary;
  return files;
}

void set_temperature(WeightSet& weights, float value) {
  std::vector<std::byte> bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  const std::vector<std::int64_t> shape = weights.tensors.at("temp").shape;
  weights.tensors.erase("temp");
  weights.add("temp", DType::f32, shape, std::move(bytes));
}

void import_towers(Draft& files, const StartOptions& options, const Log& log) {
  const auto import = [&](const WeightSet& source, Tower tower, const std::string& subject) {
    const ImportCount count = import_tower(files.weights, source, files.config, tower, subject);
    report(log, LogLevel::info,
           subject + ": " + std::to_string(count.taken) + " weights taken, " +
               std::to_string(count.ignored) + " not used by the model");
  };
  if (!options.text_weights.empty()) {
    const fs::path text = weights_file(options.text_weights);
    import(read_bert_weights(text), Tower::text, text.native());
  }
  if (!options.audio_weights.empty())
    import(read_htsat_weights(options.audio_weights), Tower::audio, options.audio_weights);
}

}  // namespace

ModelFiles make_synthetic(const SyntheticOptions& options, const Log& log) {
  Draft draft;
  draft.config.name = "synthetic-" + options.salt;
  if (!options.config.empty()) draft.config = read_config(options.config, log, draft.config);
  check_config(draft.config, options.config.empty() ? "config" : options.config.native());
  draft.path = options.config;
  draft.vocabulary = options.vocabulary;
  draft.weights = synthetic_weights(draft.config, options.salt, options.gain);
  return finish(std::move(draft));
}

ModelFiles make_start(const StartOptions& options, const ModelFiles* model,
                      const fs::path& default_vocabulary, std::uint64_t seed, const Log& log) {
  const bool scratch = model == nullptr;
  if (model) require_own(*model, "trained");
  Draft draft = scratch ? make_draft(options, default_vocabulary, log)
                        : Draft{model->path, mga_clap::config_of(*model->architecture),
                                model->weights, model->vocabulary};
  require(scratch || !options.temperature, "`temperature`", "is fixed by the initial model");
  require(scratch || options.pooling.empty() || options.pooling == draft.config.pooling,
          "`model_pooling`", "is fixed by the initial model");
  if (!options.pooling.empty()) draft.config.pooling = options.pooling;
  if (options.local_block) draft.config.audio.local_block = *options.local_block;
  if (!options.name.empty()) draft.config.name = options.name;
  check_config(draft.config, "`model_config`");
  if (scratch) draft.weights = initial_weights(draft.config, seed);
  if (options.temperature) set_temperature(draft.weights, *options.temperature);
  import_towers(draft, options, log);
  return finish(std::move(draft));
}

void remove_text_tower(ModelFiles& files) {
  require_own(files, "split");
  for (const Parameter& parameter : files.architecture->parameters()) {
    if (parameter.tower == Tower::text || !parameter.required)
      files.weights.tensors.erase(parameter.name);
  }
  files.vocabulary.clear();
}

ModelFiles join_text_tower(const fs::path& part, const fs::path& text, const Log& log) {
  Draft draft;
  draft.path = part;
  draft.config = read_config(part / kConfigFile, log);
  draft.vocabulary = text / kVocabularyFile;
  const WeightSet kept = read_safetensors(part / kWeightsFile);
  draft.weights = initial_weights(draft.config, 0);
  for (const auto& [name, view] : kept.tensors) draft.weights.tensors[name] = view;
  draft.weights.storage.insert(draft.weights.storage.end(), kept.storage.begin(),
                               kept.storage.end());
  import_tower(draft.weights, read_bert_weights(text / kWeightsFile), draft.config, Tower::text,
               text.native());
  return finish(std::move(draft));
}

}  // namespace claptools
