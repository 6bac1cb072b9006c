#include "cmd/train/train_options.hpp"

#include <CLI/CLI.hpp>
#include <set>

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "cmd/model/model_options.hpp"
#include "cmd/options/option_types.hpp"
#include "cmd/options/output_name.hpp"

namespace claptools::cmd {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxClips = 1 << 20, kMaxEpochs = 1'000'000;
constexpr std::uint64_t kMaxMebibytes = 1 << 24;  // 16 TiB
constexpr std::uint64_t kMaxUpdates = 1'000'000'000;
constexpr RealRange kNumber{0, 1e30}, kPositive{0, 1e30, "", true}, kDecibels{0, 60, "dB"};
constexpr RealRange kBelowOne{0, 1, "", false, true};

/// Binds flags to one group of options.
class Group {
 public:
  Group(CLI::App& app, const char* name) : app_(app), name_(name) {}

  template <class T>
  CLI::Option* operator()(const char* option, T& value, const char* text, const char* type) {
    return app_.add_option(option, value, text)->group(name_)->type_name(type);
  }
  template <class T, class Range>
  CLI::Option* number(const char* option, T& value, const Range& range, const char* text,
                      const char* type) {
    return add_number(app_, option, value, range, text, type)->group(name_);
  }
  template <class T>
  CLI::Option* choice(const char* option, T& value, const Choices<std::type_identity_t<T>>& choices,
                      const char* text, const char* type) {
    return add_choice(app_, option, value, choices, text, type)->group(name_);
  }
  CLI::Option* flag(const char* option, bool& value, const char* text) {
    return app_.add_flag(option, value, text)->group(name_);
  }

 private:
  CLI::App& app_;
  const char* name_;
};

void add_data_options(CLI::App& app, TrainArguments& a) {
  Group data(app, "Data");
  CLI::Option* const valid =
      data("--valid", a.valid.manifests, "manifest to validate on after each epoch", "MANIFEST");
  data("--valid-labels", a.valid.labels, "classes of the manifest's labels, one per line", "FILE")
      ->needs(valid);
  data("--prompt", a.valid.patterns, "pattern of the classes' prompts ('{} can be heard')",
       "PATTERN");
  data("--best", a.valid.best_metric, "metric that selects the best weights (top1 or t2a.r1)",
       "METRIC")
      ->needs(valid);
  data("--audio-root", a.manifest.audio_root, "folder for relative paths in a manifest", "DIR");
  data("--audio-name", a.manifest.audio_name, "file name of items without an audio column",
       "PATTERN");
  data("--blacklist", a.manifest.blacklist, "items to leave out, one per line", "FILE");
  data.number("--batch", a.plan.batch, WholeRange{1, kMaxClips, "clips"},
              "clips per batch, over all processes (128)", "N");
  data.flag("--keep-last", a.plan.keep_last, "also train on clips that do not fill a batch");
  data.choice("--pad", a.loader.padding,
              {{"longest", Padding::longest}, {"window", Padding::window}},
              "pad clips to the longest of the batch (default) or the window", "MODE");
  data.number("--cache", a.cache_mib, WholeRange{0, kMaxMebibytes, "MiB"},
              "decoded audio to keep in memory (0)", "MIB");
  data.number("--load-threads", a.loader.threads, WholeRange{1, 4096},
              "threads that decode ahead (2)", "N");
}

void add_augment_options(CLI::App& app, AugmentOptions& a) {
  Group augment(app, "Augmentation (all off by default)");
  augment.number("--speed", a.speed, RealRange{0, 0.5}, "change the speed by up to this fraction",
                 "SHARE");
  augment.number("--mix", a.mix, kShare, "probability of mixing in a clip of the same label",
                 "CHANCE");
  augment.number("--mix-share", a.mix_share, kShare, "largest fraction mixed in (0.5)", "SHARE");
  augment.number("--equalise", a.shelf_db, kDecibels, "raise or lower bass or treble by up to this",
                 "DB");
  augment.number("--gain", a.gain_db, kDecibels, "change the level by up to this", "DB");
  augment.number("--shift", a.shift_s, RealRange{0, 3600, "s"}, "shift in time by up to this",
                 "SECONDS");
  augment.flag("--circular", a.circular, "sound shifted out at one end enters at the other");
  augment.flag("--polarity", a.polarity, "invert the polarity of half of the clips");
  augment.number("--noise", a.noise, kShare, "probability of adding noise", "CHANCE");
  augment.number("--noise-snr", a.noise_snr_db_min, RealRange{-100, a.noise_snr_db_max, "dB"},
                 "lowest signal-to-noise ratio of the noise (10)", "DB");
  augment.number("--place", a.place, kShare,
                 "probability that a short clip starts at a random position", "CHANCE");
}

void add_start_options(CLI::App& app, StartOptions& start) {
  Group model(app, "Model");
  model("--init", start.model, "model to start from (default: from scratch)", "PATH");
  model("--model-config", start.config, "config.json of a model from scratch", "FILE");
  model("--vocab", start.vocabulary, "vocabulary of a model from scratch", "FILE");
  model("--audio-weights", start.audio_weights, "HTSAT checkpoint for the audio tower", "FILE");
  model("--text-weights", start.text_weights, "BERT folder for the text tower", "PATH");
  model("--name", start.name, "name of the model", "NAME");
  model("--pooling", start.pooling, "codebook (default), mean, attention", "MODE")
      ->check(one_of({"codebook", "mean", "attention"}));
  model.choice("--local-block", start.local_block, {{"off", false}, {"on", true}},
               "locality-aware block: on (default), off", "MODE");
  model.number("--temperature", start.temperature, kPositive,
               "initial value in a model from scratch (0.07)", "X");
}

void add_loss_options(CLI::App& app, TrainArguments& a) {
  Group loss(app, "Loss");
  loss.choice("--loss", a.trainer.loss,
              {{"hn", ContrastiveLoss::hard_negative}, {"infonce", ContrastiveLoss::info_nce}},
              "hn: hard-negative guided (default), infonce", "LOSS");
  loss.choice("--hn-weights", a.trainer.negative_weights,
              {{"official", NegativeWeights::official}, {"paper", NegativeWeights::paper}},
              "as the official code (default) or the paper", "KIND");
  loss.number("--beta", a.trainer.beta, kNumber, "hardness of the negatives' weights (0.15)", "X");
  loss.flag("--gather", a.trainer.gather, "negatives from all processes");
  loss.flag("--no-regulariser", a.no_regulariser, "no embedding regularisation");
}

void add_optimiser_options(CLI::App& app, TrainArguments& a) {
  Group optimiser(app, "Optimisation");
  optimiser.number("--epochs", a.run.epochs, WholeRange{1, kMaxEpochs, "epochs"},
                   "passes over the data (10)", "N");
  optimiser.number("--lr", a.run.learning_rate, kPositive, "highest learning rate (5e-5)", "X");
  optimiser.number("--warmup", a.run.warmup_epochs, WholeRange{0, kMaxEpochs, "epochs"},
                   "epochs of increasing rate before the cosine (2)", "N");
  optimiser.choice("--optimizer", a.trainer.decoupled_decay, {{"adam", false}, {"adamw", true}},
                   "adam (default), adamw", "NAME");
  optimiser.number("--weight-decay", a.trainer.weight_decay, kNumber, "(0)", "X");
  optimiser.number("--clip-norm", a.trainer.clip_norm, kNumber,
                   "largest norm of the gradients (0: any)", "X");
  optimiser.number("--accumulate", a.run.accumulate, WholeRange{1, kMaxClips, "batches"},
                   "batches per update (1)", "N");
  optimiser.number("--ema", a.trainer.average_decay, kBelowOne,
                   "decay of a moving average of the weights (0: none)", "X");
  optimiser.number("--drop-path", a.trainer.drop_path, kBelowOne,
                   "probability of skipping the last audio block (0.1)", "X");
  optimiser.number("--dropout", a.trainer.text_dropout, kBelowOne,
                   "dropout in the text encoder (0.1)", "X");
  optimiser.flag("--no-spec-augment", a.no_spec_augment, "no masks on the spectrogram");
  optimiser("--freeze", a.freeze, "do not train a tower: audio, text", "TOWER")
      ->check(one_of({"audio", "text"}));
  optimiser.choice("--precision", a.trainer.precision,
                   {{"bf16", TrainingPrecision::bf16},
                    {"fp16", TrainingPrecision::fp16},
                    {"fp32", TrainingPrecision::fp32}},
                   "fp32 (default), bf16, fp16 (GPU)", "TYPE");
  optimiser.number("--seed", a.trainer.seed, WholeRange{}, "random seed (20)", "N");
}

void add_run_options(CLI::App& app, TrainArguments& a) {
  Group run(app, "Output");
  run("-o,--output", a.output, "model directory; the run is kept in its training/", "DIR")
      ->required();
  run.choice("--dtype", a.run.half, {{"f16", true}, {"f32", false}},
             "type of the stored weights: f32 (default), f16", "TYPE");
  run.number("--checkpoint", a.run.checkpoint_steps, WholeRange{0, kMaxUpdates, "updates"},
             "updates between saved states (0: epochs only)", "N");
  CLI::Option* const resume = run.flag("--resume", a.resume, "resume an interrupted run");
  run.flag("--force", a.force, "replace an existing model")->excludes(resume);
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

void resolve_options(TrainArguments& a, const Program& program, const Communicator& processes) {
  TrainerOptions& trainer = a.trainer;
  trainer.device = program.device;
  trainer.threads = program.threads;
  trainer.spec_augment = !a.no_spec_augment;
  trainer.regularise = !a.no_regulariser;
  for (const std::string& tower : a.freeze)
    (tower == "audio" ? trainer.freeze_audio : trainer.freeze_text) = true;
  a.plan.seed = a.loader.seed = trainer.seed;
  a.plan.ranks = static_cast<std::size_t>(processes.size());
  a.loader.rank = static_cast<std::size_t>(processes.rank());
  a.loader.cache_bytes = a.cache_mib << 20;
  check(a.loader.augment);
  require_fitting_name(a.output, Content::model);
  require_no_input(a.output, {a.start.model, a.start.audio_weights, a.start.text_weights});
  a.run.averaged = trainer.average_decay > 0;
  if (a.valid.best_metric.empty()) a.valid.best_metric = a.valid.labels.empty() ? "t2a.r1" : "top1";
  if (!a.valid.manifests.empty()) a.run.best_metric = a.valid.best_metric;
}

std::vector<std::pair<std::string, std::string>> options_of_run(const CLI::App& app) {
  // What may differ between two parts of one run.
  static const std::set<std::string> kFree = {
      "help",   "version",  "config",  "resume", "force",        "output", "threads",
      "device", "progress", "verbose", "quiet",  "load-threads", "cache",  "checkpoint"};
  std::vector<std::pair<std::string, std::string>> options;
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() == 0) continue;
    const auto& names = option->get_lnames();
    if (!names.empty() && kFree.contains(names.front())) continue;
    const std::string name = names.empty() ? "MANIFEST" : "--" + names.front();
    for (const std::string& value : option->results()) options.emplace_back(name, value);
  }
  return options;
}

ModelFiles read_start(const StartOptions& options, std::uint64_t seed, const Program& program) {
  std::optional<ModelFiles> model;
  if (!options.model.empty())
    model = read_model_files({options.model, options.config, options.vocabulary}, program);
  return make_start(options, model ? &*model : nullptr, default_vocabulary(), seed,
                    program.messages.log());
}

}  // namespace claptools::cmd
