#pragma once

#include <string>
#include <vector>

#include "claptools/index/build_index.hpp"
#include "claptools/index/export_index.hpp"
#include "cmd/program/table_writer.hpp"

namespace CLI {
class Option;
}

namespace claptools::cmd {

/// What the commands of clap-index are given.
struct IndexOptions {
  std::string index;
  std::vector<std::string> inputs;
  std::string output;
  std::string factory;  ///< empty: Flat; of merge, as the first index
  BuildOptions build;
  bool force = false;
  bool replace = false;        ///< of add: rows of ids that the index has
  bool nul_separated = false;  ///< of remove, what standard input holds
  bool health = false;         ///< of info
  std::string npy, tsv, csv, jsonl, parquet;
  AnnOptions ann;
  TableOptions table;
};

/// INDEX.
void add_index(CLI::App& command, IndexOptions& options);

/// What is read, one or more.
void add_inputs(CLI::App& command, IndexOptions& options, const char* name,
                const char* description);

/// -o/--output, --force.
void add_output(CLI::App& command, IndexOptions& options);

/// --train-sample, --factory. @return the latter.
CLI::Option* add_factory(CLI::App& command, IndexOptions& options, const char* description);

/// All options of export.
void add_export(CLI::App& command, IndexOptions& options);

/// Of an index to be made, before its inputs are read. @throws Error{usage}.
void check_output(const IndexOptions& options);

/// Of export, all outputs before the first is written. @throws Error{usage}, {cannot_create}.
void check_exports(const IndexOptions& options);

}  // namespace claptools::cmd
