// clap-classify: zero-shot labels, tags and events.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/metrics/lookup.hpp"
#include "claptools/pipeline/inputs.hpp"
#include "claptools/runs/run_header.hpp"
#include "claptools/store/file_set.hpp"
#include "cmd/classify/label_pictures.hpp"
#include "cmd/classify/label_scores.hpp"
#include "cmd/classify/match_table.hpp"
#include "cmd/classify/row_visit.hpp"
#include "cmd/model/audio_options.hpp"
#include "cmd/model/model_options.hpp"
#include "cmd/options/arguments.hpp"
#include "cmd/program/interrupt.hpp"
#include "cmd/program/progress.hpp"
#include "cmd/program/run_main.hpp"

namespace claptools::cmd {
namespace {

constexpr ToolInfo kTool = {"clap-classify", "Label recordings without training on the classes.",
                            "  clap-embed clips/ -o - | clap-classify - --labels labels.txt\n"
                            "  clap-classify street.wav --labels labels.txt --events --hop 5"};

struct ClassifyOptions {
  std::vector<std::string> inputs;
  LabelSources sources;
  LabelOptions output;
  AudioOptions audio;
  ModelChoice model;
  const CLI::App* app = nullptr;
};

/// @return whether the inputs are embedding files.
bool check(ClassifyOptions& options) {
  const auto count = static_cast<std::size_t>(std::ranges::count_if(options.inputs, is_hdf5));
  const bool embedded = count > 0;
  check_label_options(*options.app, options.output, options.sources, options.inputs, embedded);
  if (embedded && count < options.inputs.size())
    throw Error(Fault::usage, "INPUT", "give either embedding files or recordings");
  std::string& pool = options.audio.pooling;
  if (options.output.needs_frames() && (pool == "codebook" || pool == "mean")) {
    if (is_given(*options.app->get_option("--pool")))
      throw Error(Fault::usage, "--pool", "leaves no frames for --events or --explain");
    pool = "none";
  }
  if (!embedded) check_audio_options(options.audio, *options.app);
  return embedded;
}

/// What failed when the file was made has no row here either.
void take_errors(const EmbeddingReader& reader, const std::string& path, RowTable& table,
                 const Messages& messages) {
  const std::vector<InputError> errors = reader.errors();
  for (const InputError& error : errors) table.drop(error);
  if (errors.empty()) return;
  messages.warn(path + ": has no rows of inputs that failed: " + std::to_string(errors.size()) +
                ", such as " + quote_name(errors[0].id));
}

void classify_file(const std::string& path, const EmbeddingReader& reader,
                   const ClassifyOptions& options, const OpenedModel& opened, RowTable& table,
                   const Messages& messages) {
  const EmbeddingHeader& header = reader.header();
  require_same_model(opened, path, header.model_name, header.model_sha256);
  if (options.output.finds_events() && header.frame_hop_s == 0) {
    throw Error(Fault::data, path, "has no frames; embed with --frames");
  }
  table.begin(header, path);
  take_errors(reader, path, table, messages);
  const auto add = [&](const EmbeddingRows& rows) { table.add(rows); };
  visit_rows(reader, options.output.finds_events(), add, handle_interrupts());
  if (interrupted_code() == 0) table.end();
}

void classify_files(const ClassifyOptions& options, const OpenedModel& opened, RowTable& table,
                    const Messages& messages) {
  KeptInputs<EmbeddingReader> files = embedding_inputs();
  if (options.inputs.size() > 1) require_joinable(options.inputs, files);
  for (const std::string& path : options.inputs)
    classify_file(path, *files.open(path), options, opened, table, messages);
}

/// @return the exit code: {no_input} where not one recording could be read.
int classify_audio(const ClassifyOptions& options, const Program& program, const Model& model,
                   RowTable& table) {
  AudioOptions audio = options.audio;
  audio.frames = options.output.needs_frames();
  if (options.output.finds_events() && options.app->get_option("--short")->empty())
    audio.short_audio = "repeat";
  const EmbedOptions embed = to_embed_options(audio, model, program.threads);
  InputList list = list_inputs(options.inputs, {.log = program.messages.log()});
  EmbeddingHeader header;
  header.meta_columns = list.columns();
  const auto inputs = list.take();
  describe_audio(embed, model, header);
  header.options = describe_reading(embed);
  Progress progress(program, "classified", "clips", inputs.size());
  const auto report = [&](const InputError& e) {
    table.drop(e);
    program.messages.error(e.id + ": " + e.message);
  };
  const auto warn = [&](const std::string& id, const std::string& text) {
    program.messages.warn(id + ": " + text);
  };
  const RowSink sink{[&](const EmbeddingRows& rows) { table.add(rows); },
                     report,
                     [&](std::size_t done, double) { progress.update(done); },
                     {},
                     warn};
  table.begin(header, model.spec().name);
  const auto summary = embed_audio(model, in_order(inputs), embed, sink, handle_interrupts());
  if (!summary.interrupted) table.end();
  progress.finish(summary.inputs - summary.failed);
  if (summary.failed == inputs.size()) return static_cast<int>(Fault::no_input);
  return summary.failed > 0 ? 1 : 0;
}

std::unique_ptr<RowTable> make_table(const LabelOptions& output, const LabelSet& set,
                                     LabelPicker& picker, const Model& model, ScoreRows scores,
                                     LabelPictures* pictures, const Messages& messages) {
  if (output.finds_events()) {
    return std::make_unique<EventTable>(output, picker, std::move(scores), pictures, messages);
  }
  if (output.explains()) {
    return std::make_unique<MatchTable>(output, set, picker, require_codebook(model));
  }
  return std::make_unique<LabelTable>(output, set, picker, std::move(scores), messages);
}

int run(ClassifyOptions& options, const Program& program) {
  const bool embedded = check(options);
  const LabelOptions& output = options.output;
  const LabelSet set = read_label_set(options.sources, output.threshold.value_or(0.5));
  EventTruth truth = read_event_truth(output.truth);
  const OpenedModel opened =
      open_model(options.model, program, Workload::audio, parse_precision(options.audio.precision));
  const Model& model = *opened.model;
  const ScoreOrigin origin{
      model.spec().name, opened.sha256, program.tool(), program.command_line, {}, {}};
  ScoreRows scores(output.scores, output.table.force, origin, set);
  std::optional<LabelPictures> pictures;
  if (output.wants_pictures()) {
    pictures.emplace(output, std::move(truth), embedded ? nullptr : &model, origin,
                     program.messages);
    pictures->read_as(parse_stream_choice(options.audio.stream),
                      parse_time_zero(options.audio.time_zero));
  }
  model.check_texts();
  LabelPicker picker(set, embed_labels(set, model, program.threads), program.messages);
  const auto table = make_table(output, set, picker, model, std::move(scores),
                                pictures ? &*pictures : nullptr, program.messages);
  int result = 0;
  if (embedded) {
    classify_files(options, opened, *table, program.messages);
  } else {
    model.check_sounds();
    std::optional<CodebookModel> codebook;
    if (output.explains()) codebook.emplace(model);
    result = classify_audio(options, program, codebook ? *codebook : model, *table);
  }
  if (const int code = interrupted_code()) return code;
  if (result != static_cast<int>(Fault::no_input)) table->close();
  return result;
}

Action setup(CLI::App& app, const Program& program) {
  const auto options = std::make_shared<ClassifyOptions>();
  app.add_option("INPUT", options->inputs, "embedding files (-: standard input), or recordings")
      ->required();
  add_label_sources(app, options->sources);
  add_label_options(app, options->output);
  add_audio_options(app, options->audio);
  app.remove_option(app.get_option("--frames"));  // --events decides
  options->app = &app;
  add_model_options(app, options->model);
  return [options, &program] { return run(*options, program); };
}

}  // namespace
}  // namespace claptools::cmd

int main(int argc, char** argv) {
  return claptools::cmd::run_main(argc, argv, claptools::cmd::kTool, claptools::cmd::setup);
}
