#include "cmd/support/train_options.hpp"

#include <CLI/CLI.hpp>
#include <cstring>
#include <map>

#include "cmd/support/model_options.hpp"
#include "mgaclap/core/error.hpp"
#include "mgaclap/core/output_path.hpp"
#include "mgaclap/weights/import_weights.hpp"
#include "mgaclap/weights/initial_weights.hpp"
#include "mgaclap/weights/parameters.hpp"

namespace mgaclap::cmd {
namespace {

namespace fs = std::filesystem;

/// The value of a word. @throws Error{usage} listing the words.
template <class T>
T choose(const char* option, const std::string& word, const std::map<std::string, T>& words) {
  if (const auto it = words.find(word); it != words.end()) return it->second;
  std::string list;
  for (const auto& [name, value] : words) list += (list.empty() ? "" : ", ") + name;
  throw Error(Fault::usage, option, "'" + word + "' is none of " + list);
}

void require(bool ok, const char* option, const char* reason) {
  if (!ok) throw Error(Fault::usage, option, reason);
}

/// Binds flags to one group of options.
class Group {
 public:
  Group(CLI::App& app, const char* name) : app_(app), name_(name) {}

  template <class T>
  CLI::Option* operator()(const char* option, T& value, const char* text, const char* type) {
    return app_.add_option(option, value, text)->group(name_)->type_name(type);
  }
  void flag(const char* option, bool& value, const char* text) {
    app_.add_flag(option, value, text)->group(name_);
  }

 private:
  CLI::App& app_;
  const char* name_;
};

void add_data_options(CLI::App& app, TrainArguments& a) {
  Group data(app, "Data");
  data("--valid", a.valid, "manifest to validate on after each epoch", "MANIFEST");
  data("--valid-labels", a.valid_labels, "classes of the manifest's labels, one a line", "FILE");
  data("--prompt", a.prompts, "pattern of the classes' prompts ('{} can be heard')", "PATTERN");
  data("--best", a.best, "metric that chooses the best weights (top1 or t2a.r1)", "METRIC");
  data("--audio-root", a.manifest.audio_root, "folder of audio named by a relative path", "DIR");
  data("--audio-name", a.manifest.audio_name, "audio of a table without such a column", "PATTERN");
  data("--blacklist", a.manifest.blacklist, "items to leave out, one a line", "FILE");
  data("--batch", a.plan.batch, "clips a batch, of all processes together (128)", "N");
  data.flag("--keep-last", a.plan.keep_last, "train on what does not fill a batch, too");
  data("--pad", a.padding, "rows as long as the longest clip (default) or the window", "MODE");
  data("--cache", a.cache_mib, "decoded audio kept in memory (0)", "MIB");
  data("--load-threads", a.loader.threads, "threads that decode ahead (2)", "N");
}

void add_augment_options(CLI::App& app, AugmentOptions& a) {
  Group augment(app, "Augmentation (all off by default)");
  augment("--speed", a.speed, "play up to this share faster or slower", "SHARE");
  augment("--mix", a.mix, "chance of a clip of the same label mixed in", "CHANCE");
  augment("--mix-share", a.mix_share, "its largest share (0.5)", "SHARE");
  augment("--equalise", a.shelf_db, "raise or lower bass or treble up to", "DB");
  augment("--gain", a.gain_db, "louder or softer up to", "DB");
  augment("--shift", a.shift_s, "move in time up to", "SECONDS");
  augment.flag("--circular", a.circular, "what is shifted out comes in at the other end");
  augment.flag("--polarity", a.polarity, "turn half of the clips upside down");
  augment("--noise", a.noise, "chance of added noise", "CHANCE");
  augment("--noise-snr", a.noise_snr_db_min, "its lowest signal-to-noise ratio (10)", "DB");
  augment("--place", a.place, "chance that a short clip begins anywhere in its row", "CHANCE");
}

void add_start_options(CLI::App& app, StartOptions& start) {
  Group model(app, "Model");
  model("--init", start.model, "model to go on from (default: from scratch)", "PATH");
  model("--model-config", start.config, "config.json of a model from scratch", "FILE");
  model("--vocab", start.vocabulary, "vocabulary of a model from scratch", "FILE");
  model("--audio-weights", start.audio_weights, "HTSAT checkpoint for the audio tower", "FILE");
  model("--text-weights", start.text_weights, "BERT folder for the text tower", "PATH");
  model("--name", start.name, "name of the model", "NAME");
  model("--pooling", start.pooling, "codebook (default), mean, attention", "MODE");
  model("--local-block", start.local_block, "locality-aware block: on (default), off", "MODE");
  model("--temperature", start.temperature, "first value of a model from scratch (0.07)", "X");
}

void add_loss_options(CLI::App& app, TrainArguments& a) {
  Group loss(app, "Loss");
  loss("--loss", a.loss, "hn: hard-negative guided (default), infonce", "LOSS");
  loss("--hn-weights", a.negative_weights, "as the official code (default) or the paper", "KIND");
  loss("--beta", a.trainer.beta, "hardness of the negatives' weights (0.15)", "X");
  loss.flag("--gather", a.trainer.gather, "negatives from all processes");
  loss.flag("--no-regulariser", a.no_regulariser, "without the embedding regularisation");
}

void add_optimiser_options(CLI::App& app, TrainArguments& a) {
  Group optimiser(app, "Optimisation");
  optimiser("--epochs", a.run.epochs, "passes over the data (10)", "N");
  optimiser("--lr", a.run.learning_rate, "highest learning rate (5e-5)", "X");
  optimiser("--warmup", a.run.warmup_epochs, "epochs of rising rate before the cosine (2)", "N");
  optimiser("--optimizer", a.optimizer, "adam (default), adamw", "NAME");
  optimiser("--weight-decay", a.trainer.weight_decay, "(0)", "X");
  optimiser("--clip-norm", a.trainer.clip_norm, "largest norm of the gradients (0: any)", "X");
  optimiser("--accumulate", a.run.accumulate, "batches an update (1)", "N");
  optimiser("--ema", a.trainer.average_decay, "decay of a moving average of the weights (0: none)",
            "X");
  optimiser("--drop-path", a.trainer.drop_path, "of the last audio block (0.1)", "X");
  optimiser("--dropout", a.trainer.text_dropout, "of the text encoder (0.1)", "X");
  optimiser.flag("--no-spec-augment", a.no_spec_augment, "without masks on the spectrogram");
  optimiser("--freeze", a.freeze, "keep a tower as it is: audio, text", "TOWER");
  optimiser("--precision", a.precision, "fp32 (default), bf16, fp16 (GPU)", "TYPE");
  optimiser("--seed", a.trainer.seed, "of everything random (20)", "N");
}

void add_run_options(CLI::App& app, TrainArguments& a) {
  Group run(app, "Output");
  run("-o,--output", a.output, "model directory; the run is kept in its training/", "DIR")
      ->required();
  run("--dtype", a.dtype, "of the stored weights: f32 (default), f16", "TYPE");
  run("--checkpoint", a.run.checkpoint_steps, "updates between saved states (0: epochs only)", "N");
  run.flag("--resume", a.resume, "go on with an interrupted run");
  run.flag("--force", a.force, "replace an existing model");
}

fs::path weights_file(const fs::path& path) {
  return fs::is_directory(status_of(path, Fault::no_input)) ? path / "model.safetensors" : path;
}

/// From scratch: architecture and vocabulary, no weights yet.
ModelFiles make_start(const StartOptions& options, const Log& log) {
  ModelFiles files;
  if (!options.config.empty()) files.config = read_config(options.config, log);
  files.path = options.config.empty() ? "scratch" : options.config;
  files.vocabulary = share_folder() / "vocab-bert-base-uncased.txt";
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

void import_towers(ModelFiles& files, const StartOptions& options, const Program& program) {
  const auto import = [&](const WeightSet& source, Tower tower, const std::string& subject) {
    const ImportCount count = import_tower(files.weights, source, files.config, tower, subject);
    program.messages.detail(subject + ": " + std::to_string(count.taken) + " weights taken, " +
                            std::to_string(count.ignored) + " without a place here");
  };
  if (!options.text_weights.empty()) {
    const fs::path text = weights_file(options.text_weights);
    import(read_bert_weights(text), Tower::text, text.native());
  }
  if (!options.audio_weights.empty())
    import(read_htsat_weights(options.audio_weights), Tower::audio, options.audio_weights);
}

}  // namespace

void add_train_options(CLI::App& app, TrainArguments& arguments) {
  app.add_option("MANIFEST", arguments.manifests,
                 "training data: JSON, JSON Lines, CSV, TSV or tar shards")
      ->required();
  add_run_options(app, arguments);
  add_start_options(app, arguments.start);
  add_data_options(app, arguments);
  add_loss_options(app, arguments);
  add_optimiser_options(app, arguments);
  add_augment_options(app, arguments.loader.augment);
}

void settle(TrainArguments& a, const Program& program, const Communicator& processes) {
  TrainerOptions& trainer = a.trainer;
  trainer.device = program.device;
  trainer.threads = program.threads;
  trainer.loss = choose<ContrastiveLoss>(
      "--loss", a.loss,
      {{"hn", ContrastiveLoss::hard_negative}, {"infonce", ContrastiveLoss::info_nce}});
  trainer.negative_weights = choose<NegativeWeights>(
      "--hn-weights", a.negative_weights,
      {{"official", NegativeWeights::official}, {"paper", NegativeWeights::paper}});
  trainer.decoupled_decay =
      choose<bool>("--optimizer", a.optimizer, {{"adam", false}, {"adamw", true}});
  trainer.precision = choose<TrainingPrecision>("--precision", a.precision,
                                                {{"fp32", TrainingPrecision::fp32},
                                                 {"bf16", TrainingPrecision::bf16},
                                                 {"fp16", TrainingPrecision::fp16}});
  trainer.spec_augment = !a.no_spec_augment;
  trainer.regularise = !a.no_regulariser;
  for (const std::string& tower : a.freeze) {
    (choose<bool>("--freeze", tower, {{"audio", true}, {"text", false}}) ? trainer.freeze_audio
                                                                         : trainer.freeze_text) =
        true;
  }
  a.loader.padding = choose<Padding>("--pad", a.padding,
                                     {{"longest", Padding::longest}, {"window", Padding::window}});
  a.run.half = choose<bool>("--dtype", a.dtype, {{"f32", false}, {"f16", true}});
  const auto share = [](double x) { return x >= 0 && x < 1; };
  require(share(trainer.average_decay), "--ema", "must be at least 0 and less than 1");
  require(share(trainer.drop_path), "--drop-path", "must be at least 0 and less than 1");
  require(share(trainer.text_dropout), "--dropout", "must be at least 0 and less than 1");
  require(a.run.learning_rate > 0, "--lr", "must be positive");
  require(a.run.epochs > 0, "--epochs", "must be at least 1");
  require(a.run.accumulate > 0, "--accumulate", "must be at least 1");
  require(trainer.weight_decay >= 0, "--weight-decay", "must not be negative");
  require(trainer.clip_norm >= 0, "--clip-norm", "must not be negative");
  require(a.loader.threads > 0, "--load-threads", "must be at least 1");
  require(!(a.resume && a.force), "--resume", "does not go with --force");
  require(a.valid_labels.empty() || !a.valid.empty(), "--valid-labels", "needs --valid");
  require(a.best.empty() || !a.valid.empty(), "--best", "needs --valid");
  a.plan.seed = a.loader.seed = trainer.seed;
  a.plan.ranks = static_cast<std::size_t>(processes.size());
  a.loader.rank = static_cast<std::size_t>(processes.rank());
  a.loader.cache_bytes = a.cache_mib << 20;
  check(a.loader.augment);
  a.run.averaged = trainer.average_decay > 0;
  if (!a.valid.empty())
    a.run.best_metric = !a.best.empty() ? a.best : a.valid_labels.empty() ? "t2a.r1" : "top1";
}

ModelFiles read_start(const StartOptions& options, std::uint64_t seed, const Program& program) {
  const bool scratch = options.model.empty();
  ModelFiles files =
      scratch ? make_start(options, program.messages.log())
              : read_model_files({options.model, options.config, options.vocabulary}, program);
  require(scratch || !options.temperature, "--temperature", "is that of the model to go on from");
  require(!options.temperature || *options.temperature > 0, "--temperature", "must be positive");
  require(scratch || options.pooling.empty() || options.pooling == files.config.pooling,
          "--pooling", "is that of the model to go on from");
  if (!options.pooling.empty()) files.config.pooling = options.pooling;
  if (!options.local_block.empty()) {
    files.config.audio.local_block =
        choose<bool>("--local-block", options.local_block, {{"on", true}, {"off", false}});
  }
  if (!options.name.empty()) files.config.name = options.name;
  check_config(files.config, "--model-config");
  if (scratch) files.weights = initial_weights(files.config, seed);
  if (options.temperature) set_temperature(files.weights, *options.temperature);
  import_towers(files, options, program);
  check_parameters(files.weights, files.config, files.path.native());
  return files;
}

}  // namespace mgaclap::cmd
