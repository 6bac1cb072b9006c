#include "cmd/corpus/corpus_options.hpp"

#include <CLI/CLI.hpp>

#include "claptools/core/error.hpp"
#include "cmd/options/option_types.hpp"
#include "cmd/options/output_name.hpp"

namespace claptools::cmd {

void add_corpus_options(CLI::App& command, CorpusChoice& choice, const char* inputs) {
  command.add_option("INPUT", choice.inputs, inputs);
  command
      .add_option("--files-from", choice.files_from,
                  "also take recordings listed in it; - is standard input")
      ->type_name("FILE");
  command.add_option("--files0-from", choice.files0_from, "the same, each name ending with NUL")
      ->type_name("FILE");
  command.add_option("--audio-root", choice.audio_root, "folder for relative paths in a manifest")
      ->type_name("DIR");
  command.add_flag("--hidden", choice.hidden, "also take hidden files and folders in folders");
  command.add_flag("-0,--null", choice.nul_separated,
                   "names on standard input end with NUL, not a line break");
}

void check(const CorpusChoice& choice, const Program& program) {
  std::vector<std::string> inputs = choice.inputs;
  inputs.insert(inputs.end(), {choice.files_from, choice.files0_from});
  std::erase(inputs, "");
  if (inputs.empty())
    throw Error(Fault::usage, "INPUT is required", "see " + program.name + " --help");
  require_one_stream(inputs);
}

CorpusInputs to_corpus_inputs(const CorpusChoice& choice, const Program& program) {
  CorpusInputs inputs{choice.inputs, choice.files_from, choice.files0_from};
  inputs.options.nul_separated = choice.nul_separated;
  inputs.options.audio_root = choice.audio_root;
  inputs.options.hidden = choice.hidden;
  inputs.options.log = program.messages.log();
  return inputs;
}

void add_update_options(CLI::App& command, UpdateOptions& options) {
  command.add_option("INDEX", options.index, "index directory")->required();
  add_corpus_options(
      command, options.corpus,
      "files, folders, manifests, tar shards, lists (.txt), or - for standard input");
  command.add_flag("--checksum", options.checksum,
                   "compare contents also where size and time are the same");
  command.add_flag("--mirror", options.mirror,
                   "also remove the rows of recordings that no INPUT names");
  command.add_flag("--allow-empty", options.allow_empty,
                   "also where nothing is left of what the index has of a folder");
  command.add_flag("-n,--dry-run", options.dry_run, "only print what would be done");
  add_table_options(command, options.table);
  for (const char* option : {"--json", "--format", "--no-header", "--output", "--force"})
    command.get_option(option)->needs("--dry-run");
  add_batch_option(command, options.batch);
  add_number(command, "--file-timeout", options.file_timeout_s, kSeconds,
             "give up after the decoder is stuck for this long (60; 0: never)", "SECONDS");
  add_model_options(command, options.model);
}

}  // namespace claptools::cmd
