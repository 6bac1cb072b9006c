#include "cmd/model/convert_options.hpp"

#include <CLI/CLI.hpp>

#include "claptools/families/model_directory.hpp"
#include "cmd/options/option_types.hpp"

namespace claptools::cmd {

bool ConvertArguments::writes_checkpoint() const {
  if (content == Content::checkpoint) return true;
  return content == Content::model_or_checkpoint &&
         (output.ends_with(".pt") || output.ends_with(".PT"));
}

void add_source(CLI::App& command, ConvertArguments& arguments) {
  add_model_options(command, arguments.model);
  command.add_option("MODEL", arguments.source, "model directory or checkpoint");
}

void add_dtype(CLI::App& command, ConvertArguments& arguments) {
  command.add_option("--dtype", arguments.dtype, "type of the weights (default: unchanged)")
      ->check(one_of({"f16"}));
}

void add_output(CLI::App& command, ConvertArguments& arguments, const char* option,
                const char* type, const char* help) {
  command.add_option(option, arguments.output, help)->required()->type_name(type);
  command.add_flag("--force", arguments.force, "overwrite an existing output");
}

void add_parts(CLI::App& join, ConvertArguments& arguments) {
  join.add_option("PART", arguments.model.model, "folder written by split")
      ->required()
      ->type_name("DIR");
  join.add_option("--text-weights", arguments.text_weights, "folder of the BERT model")
      ->required()
      ->type_name("DIR");
}

void add_synth_options(CLI::App& synth, ConvertArguments& arguments) {
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

void check_output(const ConvertArguments& arguments) {
  require_fitting_name(arguments.output, arguments.content);
  require_no_input(arguments.output, {arguments.model.model, arguments.text_weights});
  arguments.writes_checkpoint() ? require_creatable(arguments.output, arguments.force)
                                : check_model_output(arguments.output, arguments.force);
}

}  // namespace claptools::cmd
