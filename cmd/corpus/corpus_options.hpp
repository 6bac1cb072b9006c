#pragma once

#include <string>
#include <vector>

#include "claptools/corpus/found_files.hpp"
#include "cmd/model/audio_options.hpp"
#include "cmd/model/model_options.hpp"
#include "cmd/program/program.hpp"
#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {

/// Which recordings an index is made of.
struct CorpusChoice {
  std::vector<std::string> inputs;
  std::string files_from, files0_from, audio_root;
  bool nul_separated = false, hidden = false;
};

/// What update is given.
struct UpdateOptions {
  std::string index;
  CorpusChoice corpus;
  ModelChoice model;
  std::string batch = "auto";
  double file_timeout_s = 60;
  bool checksum = false, mirror = false, allow_empty = false, dry_run = false;
  TableOptions table;
};

/// INPUT, --files-from, --files0-from, -0, --audio-root, --hidden.
void add_corpus_options(CLI::App& command, CorpusChoice& choice, const char* inputs);

/// @throws Error{usage} where nothing is named, or standard input is named more than once.
void check(const CorpusChoice& choice, const Program& program);

CorpusInputs to_corpus_inputs(const CorpusChoice& choice, const Program& program);

/// All options of update.
void add_update_options(CLI::App& command, UpdateOptions& options);

}  // namespace claptools::cmd
