// clap-model: what a model is, whether it works, and from one container into another.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <variant>

#include "claptools/checkpoints/checkpoint.hpp"
#include "claptools/checkpoints/half_weights.hpp"
#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/output_lock.hpp"
#include "claptools/engine/known_answer.hpp"
#include "claptools/families/making.hpp"
#include "claptools/families/model_directory.hpp"
#include "claptools/store/digest.hpp"
#include "cmd/model/model_options.hpp"
#include "cmd/options/option_types.hpp"
#include "cmd/options/output_name.hpp"
#include "cmd/program/run_main.hpp"
#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {
namespace {

constexpr ToolInfo kTool = {"clap-model", "Inspect, check and convert models.",
                            "  clap-model convert mga-clap.pt -o mga-clap\n"
                            "  clap-model info mga-clap\n"
                            "  clap-model verify mga-clap"};

struct Arguments {
  ModelChoice model;
  TableOptions table;
  std::string source;  ///< MODEL; empty: as `model` says
  Content content = Content::model;
  std::string output, config, dtype, salt = "synthetic", text_weights;
  double gain = 8;
  bool force = false;
};

std::size_t parameter_count(const ModelFiles& files) {
  std::size_t count = 0;
  for (const Parameter& parameter : files.architecture->parameters()) {
    const auto it = files.weights.tensors.find(parameter.name);
    if (parameter.required && it != files.weights.tensors.end()) count += it->second.numel();
  }
  return count;
}

int info(const Arguments& arguments, const Program& program) {
  const ModelFiles files = read_model_files(arguments.model, program);
  const ModelSpec& spec = files.spec();
  std::vector<std::pair<std::string, Cell>> rows = {{"name", text(spec.name)},
                                                    {"model_type", text(spec.family)},
                                                    {"sha256", text(weights_sha256(files))},
                                                    {"parameters", count(parameter_count(files))}};
  for (const auto& [name, value] : files.architecture->properties()) {
    const auto* word = std::get_if<std::string>(&value);
    rows.emplace_back(name, word ? text(*word) : number(std::get<double>(value)));
  }
  if (arguments.table.json) {
    std::vector<std::string> names;
    std::vector<Cell> values;
    for (const auto& [name, value] : rows) {
      names.emplace_back(name);
      values.push_back(value);
    }
    TableWriter table(arguments.table, names);
    table.row(values);
    table.close();
    return 0;
  }
  TableWriter table(arguments.table, {"key", "value"});
  for (const auto& [name, value] : rows) table.row(std::vector{text(name), value});
  table.close();
  return 0;
}

/// Kept beside the known answer, whose few inputs do not reach every weight.
constexpr const char* kDigestTensor = "weights_sha256";

/// Digest of model.safetensors as a directory of these weights gets it.
std::string written_sha256(const ModelFiles& files) {
  Sha256 digest;
  serialise_safetensors(files.weights, {},
                        [&](std::span<const std::byte> bytes) { digest.update(bytes); });
  return digest.hex();
}

void check_digest(const WeightSet& answer, const std::string& sha256, const std::string& path) {
  const auto it = answer.tensors.find(kDigestTensor);
  if (it == answer.tensors.end() ||
      std::ranges::equal(it->second.bytes, std::as_bytes(std::span(sha256))))
    return;
  throw Error(Fault::data, path,
              "its weights are not those that the directory was made with (SHA-256)");
}

/// Collapse, the digest and the known answer; that weights are whole and finite is seen on loading.
int verify(const Arguments& arguments, const Program& program) {
  const OpenedModel opened = open_model(arguments.model, program);
  opened.model->check_texts();
  opened.model->check_sounds();
  const std::string& path = opened.path;
  const WeightSet answer = read_known_answer(path);
  check_digest(answer, opened.sha256, path);
  const double difference = compare_known_answer(*opened.model, answer, path);
  if (!(difference <= kKnownAnswerTolerance)) {
    throw Error(Fault::data, path,
                "differs from its known answer by " + std::to_string(difference));
  }
  program.messages.note(path + ": ok, within " + number(difference).value + " of its known answer");
  return 0;
}

/// Writes a directory with its known answer, which shows on the way that the model loads.
void publish(const ModelFiles& files, const Arguments& arguments, const Program& program) {
  const auto model = Model::load(files, {program.device}, program.messages.log());
  WeightSet answer = known_answer(*model);
  const std::string sha256 = written_sha256(files);
  const auto bytes = std::as_bytes(std::span(sha256));
  answer.add(kDigestTensor, DType::u8, {static_cast<std::int64_t>(bytes.size())},
             {bytes.begin(), bytes.end()});
  write_model_directory(arguments.output, files, arguments.force, answer);
}

bool is_checkpoint(const std::string& output) {
  return output.ends_with(".pt") || output.ends_with(".PT");
}

/// Before a model is read.
void check_output(const Arguments& arguments) {
  require_fitting_name(arguments.output, arguments.content);
  require_no_input(arguments.output, {arguments.model.model, arguments.text_weights});
  const bool is_file =
      arguments.content == Content::checkpoint ||
      (arguments.content == Content::model_or_checkpoint && is_checkpoint(arguments.output));
  is_file ? require_creatable(arguments.output, arguments.force)
          : check_model_output(arguments.output, arguments.force);
}

void to_half(ModelFiles& files) {
  files.weights = claptools::to_half(files.weights, files.architecture->parameters());
}

/// The model to write, in the type that was asked for.
ModelFiles read_source(const Arguments& arguments, const Program& program) {
  check_output(arguments);
  ModelFiles files = read_model_files(arguments.model, program);
  if (arguments.dtype == "f16") to_half(files);
  return files;
}

int export_checkpoint(const Arguments& arguments, const Program& program) {
  write_checkpoint(arguments.output, read_source(arguments, program).weights);
  return 0;
}

int convert(const Arguments& arguments, const Program& program) {
  if (is_checkpoint(arguments.output)) return export_checkpoint(arguments, program);
  publish(read_source(arguments, program), arguments, program);
  return 0;
}

int synth(const Arguments& arguments, const Program& program) {
  check_output(arguments);
  const std::filesystem::path vocabulary = arguments.model.vocabulary.empty()
                                               ? share_folder() / "vocab-bert-base-uncased.txt"
                                               : std::filesystem::path(arguments.model.vocabulary);
  ModelFiles files = make_synthetic({arguments.config, vocabulary, arguments.salt, arguments.gain},
                                    program.messages.log());
  files.path = arguments.output;
  publish(files, arguments, program);
  return 0;
}

/// Leaves out what join() brings back: the text tower, the vocabulary, and what follows from the
/// config.
int split(const Arguments& arguments, const Program& program) {
  ModelFiles files = read_source(arguments, program);
  const WeightSet answer =
      known_answer(*Model::load(files, {program.device}, program.messages.log()));
  remove_text_tower(files);
  write_model_directory(arguments.output, files, arguments.force, answer);
  return 0;
}

/// A part as split() left it and the text tower it was trained with make the model again, which the
/// part's known answer proves.
int join(const Arguments& arguments, const Program& program) {
  check_output(arguments);
  const std::filesystem::path part = arguments.model.model;
  ModelFiles files = join_text_tower(part, arguments.text_weights, program.messages.log());
  if (arguments.dtype == "f16") to_half(files);
  const auto model = Model::load(files, {program.device}, program.messages.log());
  const double difference = compare_known_answer(*model, read_known_answer(part), part.native());
  if (!(difference <= kKnownAnswerTolerance)) {
    throw Error(Fault::data, arguments.text_weights,
                "is not the text tower that " + part.native() + " was trained with");
  }
  publish(files, arguments, program);
  return 0;
}

void add_synth_options(CLI::App& synth, Arguments& arguments) {
  synth.add_option("--config", arguments.config, "architecture (default: the published one)")
      ->type_name("FILE");
  synth
      .add_option("--vocab", arguments.model.vocabulary, "vocabulary (default: bert-base-uncased)")
      ->type_name("FILE");
  synth.add_option("--salt", arguments.salt, "models with different salts have different weights")
      ->type_name("TEXT");
  add_number(synth, "--gain", arguments.gain, RealRange{0, 1e6, "", true},
             "scale of the last projections (8)", "G");
}

/// @param option what names the output, with its type.
void add_output(CLI::App& sub, Arguments& arguments, const char* option, const char* type,
                const char* help) {
  sub.add_option(option, arguments.output, help)->required()->type_name(type);
  sub.add_flag("--force", arguments.force, "overwrite an existing output");
}

using Command = int (*)(const Arguments&, const Program&);

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
  CLI::App* info_command =
      add("info", "print architecture, front end, parameter count and digest", info);
  add_table_options(*info_command, arguments->table);
  CLI::App* verify_command =
      add("verify", "compare with the known answer stored in a model directory", verify);
  CLI::App* convert_command =
      add("convert", "convert a checkpoint to a model directory, or back (.pt)", convert,
          Content::model_or_checkpoint);
  CLI::App* export_command = add("export", "write a checkpoint for the authors' programs",
                                 export_checkpoint, Content::checkpoint);
  CLI::App* split_command = add("split", "write everything except the text tower, for join", split);
  CLI::App* join_command = add("join", "join a part made by split with its text tower", join);
  for (CLI::App* sub : {convert_command, export_command, split_command, join_command}) {
    sub->add_option("--dtype", arguments->dtype, "type of the weights (default: unchanged)")
        ->check(one_of({"f16"}));
  }
  for (CLI::App* sub :
       {info_command, verify_command, convert_command, export_command, split_command}) {
    add_model_options(*sub, arguments->model);
    sub->add_option("MODEL", arguments->source, "model directory or checkpoint");
  }
  add_output(*convert_command, *arguments, "-o,--output", "PATH",
             "model directory to write, or a checkpoint if it ends in .pt");
  add_output(*export_command, *arguments, "--pt", "FILE", "checkpoint to write");
  add_output(*split_command, *arguments, "-o,--output", "DIR", "folder to write");
  join_command->add_option("PART", arguments->model.model, "folder written by split")
      ->required()
      ->type_name("DIR");
  join_command->add_option("--text-weights", arguments->text_weights, "folder of the BERT model")
      ->required()
      ->type_name("DIR");
  add_output(*join_command, *arguments, "-o,--output", "DIR", "model directory to write");
  CLI::App* synth_command =
      add("synth", "make a model with generated weights, the same on every machine", synth);
  add_output(*synth_command, *arguments, "-o,--output", "PATH", "model directory to write");
  add_synth_options(*synth_command, *arguments);
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
