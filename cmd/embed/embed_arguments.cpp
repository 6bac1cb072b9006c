#include "cmd/embed/embed_arguments.hpp"

#include <CLI/CLI.hpp>
#include <initializer_list>

#include "claptools/core/error.hpp"
#include "claptools/store/hdf5/own_file.hpp"
#include "claptools/store/timestamp.hpp"
#include "cmd/model/shard_option.hpp"
#include "cmd/options/option_types.hpp"
#include "cmd/options/output_name.hpp"
#include "cmd/program/text_output.hpp"

namespace claptools::cmd {

namespace {

constexpr RealRange kMember{0, 1 << 20, "MiB", true};

/// Options that make no sense together. A default of the environment gives way to what is given.
void add_conflicts(CLI::App& app) {
  const auto exclude = [&](const char* option, std::initializer_list<const char*> others) {
    for (const char* other : others) app.get_option(option)->excludes(app.get_option(other));
  };
  exclude("--text", {"--tar", "--files-from", "--files0-from", "--audio", "--shard", "--report",
                     "--retry-failed", "--allow-collapsed"});
  exclude("--merge", {"--tar", "--files-from", "--files0-from", "--audio", "--verify", "--text"});
  exclude("--verify", {"--tar", "--files-from", "--files0-from", "--audio", "--text"});
  exclude("--resume", {"--force"});
  app.get_option("--name")->needs(app.get_option("--tar"));
  app.get_option("--shard-by")->needs(app.get_option("--shard"));
  app.get_option("--virtual")->needs(app.get_option("--merge"));
}

}  // namespace

void add_embed_options(CLI::App& app, EmbedArguments& arguments) {
  app.add_option("INPUT", arguments.inputs,
                 "files, folders, manifests, tar shards, or - for names on standard input");
  app.add_option("-o,--output", arguments.output, "HDF5 file to write, - for standard output")
      ->type_name("FILE");
  app.add_option("--files-from", arguments.files_from,
                 "also embed recordings listed in it; - is standard input")
      ->type_name("FILE");
  app.add_option("--files0-from", arguments.files0_from, "the same, each name ending with NUL")
      ->type_name("FILE");
  app.add_option("--tar", arguments.tar,
                 "also embed this tar file, which may come through a pipe; - is standard input")
      ->type_name("FILE");
  app.add_option("--name", arguments.name, "what the ids of --tar - begin with")
      ->type_name("SHARD");
  app.add_flag("--allow-pipe", arguments.allow_pipe,
               "run commands: an input pipe:COMMAND is the tar file that it writes");
  add_number(app, "--max-member", arguments.max_member_mib, kMember,
             "fail larger members of tar files that are read once (256)", "MIB");
  app.add_option("--audio-root", arguments.audio_root, "folder for relative paths in a manifest")
      ->type_name("DIR");
  app.add_flag("--hidden", arguments.hidden, "also take hidden files and folders in folders");
  app.add_flag("--resume", arguments.resume, "resume an interrupted run");
  app.add_option("--shard", arguments.shard,
                 "embed the I-th of N parts of the inputs, I from 0; or slurm")
      ->type_name("I/N");
  app.add_option("--shard-by", arguments.shard_by,
                 "what --shard deals out: whole tar files (tar: where there are enough), or inputs")
      ->check(one_of({"tar", "input"}))
      ->type_name("WHAT");
  app.add_option("--report", arguments.report, "write the result of each input, as JSON Lines")
      ->type_name("FILE");
  app.add_option("--retry-failed", arguments.retry_failed,
                 "only inputs that failed according to this report")
      ->type_name("REPORT");
  app.add_flag("--merge", arguments.merge, "INPUTs are embedding files: join them");
  app.add_flag("--virtual", arguments.virtual_sets,
               "with --merge: refer to the files' embeddings instead of copying them");
  app.add_flag("--verify", arguments.verify, "INPUTs are embedding files: check their checksums");
  app.add_flag("--force", arguments.force, "overwrite an existing output");
  app.add_flag("--text", arguments.text, "INPUTs are texts, or files with one text per line");
  app.add_flag("--clean-captions", arguments.clean_captions,
               "clean texts as the official programs do for retrieval");
  app.add_flag("-0,--null", arguments.nul_separated,
               "names on standard input end with NUL, not a line break");
  app.add_option("--dtype", arguments.dtype, "f32 or f16 embeddings in the file")
      ->check(one_of({"f32", "f16"}))
      ->type_name("TYPE");
  app.add_flag("--allow-collapsed", arguments.allow_collapsed,
               "embed sound although the model's text encoder has collapsed");
  add_audio_options(app, arguments.audio);
  add_model_options(app, arguments.model);
  add_conflicts(app);
}

namespace {

void check_outputs(const EmbedArguments& arguments) {
  std::vector<std::string> inputs = arguments.inputs;
  inputs.insert(inputs.end(),
                {arguments.files_from, arguments.files0_from, arguments.retry_failed});
  const std::vector<std::string>& piped = arguments.audio.recordings;
  inputs.insert(inputs.end(), piped.begin(), piped.end());
  inputs.push_back(arguments.tar);
  std::erase(inputs, "");
  require_one_stream(inputs);
  const bool replaces = arguments.force || arguments.resume;
  require_fitting_name(arguments.output, Content::embeddings);
  require_no_input(arguments.output, inputs);
  require_creatable(arguments.output, replaces);
  if (arguments.force) require_own_file(arguments.output);
  require_fitting_name(arguments.report, Content::json_lines);
  std::erase(inputs, arguments.retry_failed);  // which a new report may replace: it is read first
  require_no_input(arguments.report, inputs);
  if (!arguments.report.empty()) require_creatable(arguments.report, replaces);
}

}  // namespace

void check(EmbedArguments& arguments, const CLI::App& app) {
  const auto require = [](bool ok, const char* option, const char* reason) {
    if (!ok) throw Error(Fault::usage, option, reason);
  };
  const bool others = !arguments.tar.empty() || !arguments.files_from.empty() ||
                      !arguments.files0_from.empty() || !arguments.audio.recordings.empty();
  if (arguments.inputs.empty() && !others)
    throw Error(Fault::usage, "INPUT is required", "see clap-embed --help");
  require(!arguments.virtual_sets || arguments.output != "-", "--virtual", "needs an output file");
  if (arguments.verify) return;
  if (arguments.output.empty())
    throw Error(Fault::usage, "--output is required", "see clap-embed --help");
  require(!arguments.resume || arguments.output != "-", "--resume", "needs an output file");
  check_audio_options(arguments.audio, app);
  parse_shard(arguments.shard);
  check_outputs(arguments);
}

namespace {

InputList list_arguments(const EmbedArguments& arguments, const InputOptions& options) {
  try {
    return list_inputs(arguments.inputs, options);
  } catch (const Error& error) {
    if (error.subject() == "standard input" && error.reason().starts_with("is a tar file"))
      throw Error(error.fault(), error.subject(), "is a tar archive, not a list: use --tar -");
    throw;
  }
}

}  // namespace

InputList list_recordings(const EmbedArguments& arguments, const Log& log) {
  InputOptions options{arguments.nul_separated, arguments.audio_root, arguments.hidden,
                       arguments.allow_pipe, log};
  InputList list;
  if (!arguments.inputs.empty()) list = list_arguments(arguments, options);
  const auto add = [&](const std::string& file, bool nul_separated) {
    options.nul_separated = nul_separated;
    if (!file.empty()) add_names(file, options, list);
  };
  add(arguments.files_from, false);
  add(arguments.files0_from, true);
  if (!arguments.tar.empty()) {
    const std::string& id = arguments.tar == "-" ? arguments.name : arguments.tar;
    add_stream(arguments.tar, arguments.name.empty() ? id : arguments.name, options, list);
  }
  return list;
}

EmbeddingHeader make_header(const EmbedArguments& arguments, const Program& program,
                            const OpenedModel& opened) {
  EmbeddingHeader header = header_of(opened);
  header.kind = arguments.text ? "text" : "audio";
  header.tool = program.tool();
  header.command = program.command_line;
  header.created = utc_timestamp();
  header.half = arguments.dtype == "f16";
  if (!arguments.text) header.precision = to_string(arguments.audio.precision);
  return header;
}

}  // namespace claptools::cmd
