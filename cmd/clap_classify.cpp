// clap-classify: zero-shot labels, tags and events.
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "claptools/core/error.hpp"
#include "cmd/classify/classify_inputs.hpp"
#include "cmd/classify/event_table.hpp"
#include "cmd/classify/explain_table.hpp"
#include "cmd/classify/label_table.hpp"
#include "cmd/program/interrupt.hpp"
#include "cmd/program/run_main.hpp"

namespace claptools::cmd {
namespace {

constexpr ToolInfo kTool = {"clap-classify", "Label recordings without training on the classes.",
                            "  clap-embed clips/ -o - | clap-classify - --labels labels.txt\n"
                            "  clap-classify street.wav --labels labels.txt --events --hop 5"};

std::unique_ptr<RowTable> make_table(const LabelOptions& output, LabelPicker& picker,
                                     const Model& model, ScoreRows scores, LabelPictures* pictures,
                                     const Messages& messages) {
  if (output.finds_events()) {
    return std::make_unique<EventTable>(output, picker, std::move(scores), pictures, messages);
  }
  if (output.explains()) {
    return std::make_unique<ExplainTable>(output, picker, require_codebook(model));
  }
  return std::make_unique<LabelTable>(output, picker, std::move(scores), messages);
}

int run(ClassifyOptions& options, const Program& program) {
  const bool embedded = check_options(options);
  const LabelOptions& output = options.output;
  const LabelSet set = read_label_set(options.sources, output.threshold.value_or(0.5));
  EventTruth truth = EventTruth::read(output.truth);
  const OpenedModel opened =
      open_model(options.model, program, Workload::audio, options.audio.precision);
  const Model& model = *opened.model;
  if (output.softmax) options.output.tags.softmax_scale = require_logit_scale(opened);
  const Provenance origin{
      model.spec().name, opened.sha256, program.tool(), program.command_line, {}, {}};
  ScoreRows scores(output.scores, output.table.force, origin, set);
  std::optional<LabelPictures> pictures;
  if (output.wants_pictures()) {
    pictures.emplace(output, std::move(truth), embedded ? nullptr : &model, origin,
                     program.messages);
    pictures->read_as(parse_stream_choice(options.audio.stream), options.audio.time_zero);
  }
  model.check_texts();
  LabelPicker picker(set, embed_labels(set.prompts, model, program.threads),
                     program.messages.log());
  const auto table = make_table(output, picker, model, std::move(scores),
                                pictures ? &*pictures : nullptr, program.messages);
  int result = 0;
  if (embedded) {
    classify_files(options, opened, *table, program.messages);
  } else {
    model.check_sounds();
    std::optional<CodebookModel> codebook;
    if (output.explains()) codebook.emplace(model);
    result = classify_audio(options, program, codebook ? *codebook : model, *table,
                            pictures ? &*pictures : nullptr);
  }
  if (const int code = interrupted_code()) return code;
  if (result != static_cast<int>(Fault::no_input)) table->close();
  return result;
}

Action setup(CLI::App& app, const Program& program) {
  const auto options = std::make_shared<ClassifyOptions>();
  app.add_option("INPUT", options->inputs, "embedding files (-: standard input), or recordings");
  app.add_flag("--allow-pipe", options->allow_pipe,
               "run commands: an input pipe:COMMAND is the tar file that it writes");
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
