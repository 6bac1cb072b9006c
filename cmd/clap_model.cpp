// clap-model: what a model is, whether it works, and from one container into another.

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "claptools/checkpoints/checkpoint.hpp"
#include "claptools/core/files/output_lock.hpp"
#include "claptools/families/making.hpp"
#include "claptools/models/model_card.hpp"
#include "claptools/models/publish_model.hpp"
#include "claptools/models/verify_model.hpp"
#include "claptools/store/vector_space.hpp"
#include "cmd/model/convert_options.hpp"
#include "cmd/program/run_main.hpp"

namespace claptools::cmd {
namespace {

constexpr ToolInfo kTool = {"clap-model", "Inspect, check and convert models.",
                            "  clap-model convert mga-clap.pt -o mga-clap\n"
                            "  clap-model info mga-clap\n"
                            "  clap-model verify mga-clap"};

using Arguments = ConvertArguments;
using Command = int (*)(const Arguments&, const Program&);

int info(const Arguments& arguments, const Program& program) {
  const ModelFiles files = read_model_files(arguments.model, program);
  const ModelSpec& spec = files.spec();
  const std::string sha256 = weights_sha256(files);
  std::vector<std::string> names = {"name", "model_type", "sha256", "space", "parameters"};
  std::vector<Cell> values = {text(spec.name), text(spec.family), text(sha256),
                              text(name_space(spec.family, sha256, spec.audio.front_end)),
                              count(parameter_count(files))};
  if (const std::string licence = licence_of(files.path); !licence.empty()) {
    names.push_back("licence");
    values.push_back(text(licence));
  }
  for (const auto& [name, value] : files.architecture->properties()) {
    const auto* word = std::get_if<std::string>(&value);
    names.push_back(name);
    values.push_back(word ? text(*word) : number(std::get<double>(value)));
  }
  // One row, else a row for each name.
  const bool is_object = output_format(arguments.table).table == TableFormat::json_lines;
  TableWriter table(arguments.table, is_object ? names : std::vector<std::string>{"key", "value"});
  if (is_object) table.row(values);
  for (std::size_t i = 0; !is_object && i < names.size(); ++i)
    table.row(std::vector{text(names[i]), values[i]});
  table.close();
  return 0;
}

int verify(const Arguments& arguments, const Program& program) {
  const OpenedModel opened = open_model(arguments.model, program);
  const double difference = verify_model(opened);
  program.messages.note(opened.path + ": ok, within " + number(difference).value +
                        " of its known answer");
  return 0;
}

/// The model to write, in the type that was asked for.
ModelFiles read_source(const Arguments& arguments, const Program& program) {
  check_output(arguments);
  ModelFiles files = read_model_files(arguments.model, program);
  if (arguments.dtype == "f16") to_half(files);
  return files;
}

int convert(const Arguments& arguments, const Program& program) {
  const ModelFiles files = read_source(arguments, program);
  if (arguments.writes_checkpoint()) {
    write_checkpoint(arguments.output, files.weights, files.architecture->checkpoint_key());
  } else {
    publish_model(arguments.output, files, {program.device, arguments.force},
                  program.messages.log());
  }
  return 0;
}

int synth(const Arguments& arguments, const Program& program) {
  check_output(arguments);
  SyntheticOptions options{arguments.config, arguments.model.vocabulary, arguments.salt,
                           arguments.gain};
  if (options.vocabulary.empty()) options.vocabulary = default_vocabulary();
  ModelFiles files = make_synthetic(options, program.messages.log());
  files.path = arguments.output;
  publish_model(arguments.output, files, {program.device, arguments.force}, program.messages.log());
  return 0;
}

int split(const Arguments& arguments, const Program& program) {
  split_model(arguments.output, read_source(arguments, program), {program.device, arguments.force},
              program.messages.log());
  return 0;
}

int join(const Arguments& arguments, const Program& program) {
  check_output(arguments);
  join_model(arguments.output, {arguments.model.model, arguments.text_weights},
             arguments.dtype == "f16", {program.device, arguments.force}, program.messages.log());
  return 0;
}

Action setup(CLI::App& app, const Program& program) {
  auto arguments = std::make_shared<Arguments>();
  auto chosen = std::make_shared<Command>();
  app.require_subcommand(1);
  const auto add = [&](const char* name, const char* summary, Command command,
                       Content content = Content::model) {
    CLI::App* sub = app.add_subcommand(name, summary);
    sub->callback([chosen, command, arguments, content] {
      *chosen = command;
      arguments->content = content;
    });
    return sub;
  };
  CLI::App* on_info =
      add("info", "print architecture, front end, parameter count and digest", info);
  add_table_options(*on_info, arguments->table);
  CLI::App* on_verify =
      add("verify", "compare with the known answer stored in a model directory", verify);
  CLI::App* on_convert = add("convert", "convert a checkpoint to a model directory, or back (.pt)",
                             convert, Content::model_or_checkpoint);
  CLI::App* on_export =
      add("export", "write a checkpoint for the authors' programs", convert, Content::checkpoint);
  CLI::App* on_split = add("split", "write everything except the text tower, for join", split);
  CLI::App* on_join = add("join", "join a part made by split with its text tower", join);
  for (CLI::App* sub : {on_convert, on_export, on_split, on_join}) add_dtype(*sub, *arguments);
  for (CLI::App* sub : {on_info, on_verify, on_convert, on_export, on_split})
    add_source(*sub, *arguments);
  add_output(*on_convert, *arguments, "-o,--output", "PATH",
             "model directory to write, or a checkpoint if it ends in .pt");
  add_output(*on_export, *arguments, "--pt", "FILE", "checkpoint to write");
  add_output(*on_split, *arguments, "-o,--output", "DIR", "folder to write");
  add_parts(*on_join, *arguments);
  add_output(*on_join, *arguments, "-o,--output", "DIR", "model directory to write");
  CLI::App* on_synth =
      add("synth", "make a model with generated weights, the same on every machine", synth);
  add_output(*on_synth, *arguments, "-o,--output", "PATH", "model directory to write");
  add_synth_options(*on_synth, *arguments);
  return [arguments, chosen, &program] {
    if (!arguments->source.empty()) arguments->model.model = arguments->source;
    std::optional<OutputLock> lock;  // before what is there is looked at
    if (!arguments->output.empty()) lock.emplace(arguments->output);
    return (*chosen)(*arguments, program);
  };
}

}  // namespace
}  // namespace claptools::cmd

int main(int argc, char** argv) {
  return claptools::cmd::run_main(argc, argv, claptools::cmd::kTool, claptools::cmd::setup);
}
