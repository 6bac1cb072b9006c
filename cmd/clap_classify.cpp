// clap-classify: labels, tags and events, zero-shot or by classes that it was taught.
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "claptools/core/error.hpp"
#include "cmd/classify/classes.hpp"
#include "cmd/classify/classify_inputs.hpp"
#include "cmd/classify/event_table.hpp"
#include "cmd/classify/explain_table.hpp"
#include "cmd/classify/label_sets.hpp"
#include "cmd/classify/label_table.hpp"
#include "cmd/classify/teaching/teach_table.hpp"
#include "cmd/program/interrupt.hpp"
#include "cmd/program/run_main.hpp"

namespace claptools::cmd {
namespace {

constexpr ToolInfo kTool = {"clap-classify", "Label recordings without training on the classes.",
                            "  clap-embed clips/ -o - | clap-classify - --labels labels.txt\n"
                            "  clap-classify street.wav --labels labels.txt --events --hop 5\n"
                            "  clap-classify --teach labels.tsv clips.h5 -o mine.clapclass"};

std::unique_ptr<RowTable> make_table(const LabelOptions& output, LabelPicker& picker,
                                     const Model* model, ScoreRows scores, LabelPictures* pictures,
                                     const Messages& messages) {
  if (output.finds_events()) {
    return std::make_unique<EventTable>(output, picker, std::move(scores), pictures, messages);
  }
  if (output.explains()) {
    return std::make_unique<ExplainTable>(output, picker, require_codebook(*model));
  }
  return std::make_unique<LabelTable>(output, picker, std::move(scores), messages);
}

/// Reads all inputs into the table. @param opened none for embedding files.
int fill(const ClassifyOptions& options, const Program& program, const OpenedModel* opened,
         const AcceptRows& accept, RowTable& table, LabelPictures* pictures) {
  int result = 0;
  if (opened == nullptr) {
    classify_files(options, accept, table, program.messages);
  } else {
    opened->model->check_sounds();
    std::optional<CodebookModel> codebook;
    if (options.output.explains()) codebook.emplace(*opened->model);
    result = classify_audio(options, program, codebook ? *codebook : *opened->model, opened->sha256,
                            accept, table, pictures);
  }
  if (const int code = interrupted_code()) return code;
  if (result != static_cast<int>(Fault::no_input)) table.close();
  return interrupted_code() ? interrupted_code() : result;
}

int classify(ClassifyOptions& options, bool embedded, const Program& program) {
  const LabelOptions& output = options.output;
  Classes classes(options);
  EventTruth truth = EventTruth::read(output.truth);
  classes.open(options, embedded, program);
  if (output.softmax) options.output.tags.softmax_scale = require_logit_scale(*classes.opened());
  const Provenance origin = classes.origin(program);
  ScoreRows scores(output.scores, output.table.force, origin, classes.set());
  std::optional<LabelPictures> pictures;
  if (output.wants_pictures()) {
    pictures.emplace(output, std::move(truth), embedded ? nullptr : classes.model(), origin,
                     program.messages);
    pictures->read_as(parse_stream_choice(options.audio.stream), options.audio.time_zero);
  }
  LabelPicker picker = classes.picker(program);
  LabelPictures* const drawn = pictures ? &*pictures : nullptr;
  const auto table =
      make_table(output, picker, classes.model(), std::move(scores), drawn, program.messages);
  const auto accept = [&](const std::string& subject, const EmbeddingHeader& header) {
    classes.require(subject, header, output.finds_events());
  };
  return fill(options, program, embedded ? nullptr : classes.opened(), accept, *table, drawn);
}

int teach(const ClassifyOptions& options, bool embedded, const Program& program) {
  TeachTable table(options.teach, options.output.tags.multilabel, options.output.table, program);
  std::optional<OpenedModel> opened;
  if (!embedded)
    opened = open_model(options.model, program, Workload::audio, options.audio.precision);
  const auto accept = [](const std::string&, const EmbeddingHeader&) {};
  return fill(options, program, opened ? &*opened : nullptr, accept, table, nullptr);
}

int run(ClassifyOptions& options, const Program& program) {
  if (lists_label_sets(options.sources.labels)) {
    print_label_sets(options.output.table);
    return 0;
  }
  const bool embedded = check_options(options);
  options.sources.labels = find_labels(options.sources.labels);
  options.output.background = find_background(options.output.background);
  return options.teach.wanted() ? teach(options, embedded, program)
                                : classify(options, embedded, program);
}

Action setup(CLI::App& app, const Program& program) {
  const auto options = std::make_shared<ClassifyOptions>();
  app.add_option("INPUT", options->inputs, "embedding files (-: standard input), or recordings");
  app.add_flag("--allow-pipe", options->allow_pipe,
               "run commands: an input pipe:COMMAND is the tar file that it writes");
  add_label_sources(app, options->sources);
  app.add_option("--classifier", options->classifier, "classes that --teach has learned")
      ->type_name("FILE");
  add_label_options(app, options->output);
  add_teach_options(app, options->teach);
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
