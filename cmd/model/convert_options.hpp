#pragma once

#include <string>

#include "cmd/model/model_options.hpp"
#include "cmd/options/output_name.hpp"
#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {

/// What the commands of clap-model are given.
struct ConvertArguments {
  ModelChoice model;
  TableOptions table;
  std::string source;  ///< MODEL; empty: as `model` says
  Content content = Content::model;
  std::string output, config, dtype, salt = "synthetic", text_weights;
  double gain = 8;
  bool force = false;

  /// Whether the output is a checkpoint and not a directory.
  bool writes_checkpoint() const;
};

/// MODEL, --model, --model-config, --vocab.
void add_source(CLI::App& command, ConvertArguments& arguments);

/// --dtype.
void add_dtype(CLI::App& command, ConvertArguments& arguments);

/// What names the output, and --force. @param option with its names, @param type of its value.
void add_output(CLI::App& command, ConvertArguments& arguments, const char* option,
                const char* type, const char* help);

/// PART and --text-weights.
void add_parts(CLI::App& join, ConvertArguments& arguments);

/// --config, --vocab, --salt, --gain.
void add_synth_options(CLI::App& synth, ConvertArguments& arguments);

/// Before a model is read. @throws Error{usage}, {cannot_create}.
void check_output(const ConvertArguments& arguments);

}  // namespace claptools::cmd
