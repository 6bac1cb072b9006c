#include "cmd/index/index_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/store/hdf5/own_file.hpp"
#include "cmd/options/option_types.hpp"
#include "cmd/options/output_name.hpp"
#include "cmd/program/text_output.hpp"

namespace claptools::cmd {

void add_index(CLI::App& command, IndexOptions& options) {
  command.add_option("INDEX", options.index, "index directory")->required();
}

void add_inputs(CLI::App& command, IndexOptions& options, const char* name,
                const char* description) {
  command.add_option(name, options.inputs, description)->required();
}

void add_output(CLI::App& command, IndexOptions& options) {
  command.add_option("-o,--output", options.output, "index directory to write, NAME.clapindex")
      ->type_name("DIR")
      ->required();
  command.add_flag("--force", options.force, "replace an existing output");
}

CLI::Option* add_factory(CLI::App& command, IndexOptions& options, const char* description) {
  add_number(command, "--train-sample", options.build.train_rows, WholeRange{1},
             "rows to train on (262144)", "N");
  return command.add_option("--factory", options.factory, description)->type_name("STRING");
}

void add_export(CLI::App& command, IndexOptions& options) {
  add_index(command, options);
  command.add_option("--npy", options.npy, "vectors, float32 [rows, dim]")->type_name("FILE");
  command.add_option("--tsv", options.tsv, "id, start_s, end_s and meta columns")
      ->type_name("FILE");
  command.add_option("--csv", options.csv, "the same, comma separated")->type_name("FILE");
  command.add_option("--jsonl", options.jsonl, "the same as JSON Lines")->type_name("FILE");
  command.add_option("--parquet", options.parquet, "the same and the vectors as Parquet")
      ->type_name("FILE");
  command
      .add_option("--hdf5", options.ann.output, "vectors, queries, neighbours for ann-benchmarks")
      ->type_name("FILE");
  command.add_option("--queries", options.ann.queries, "queries for --hdf5: an embedding file")
      ->type_name("FILE");
  add_number(command, "-k,--top-k", options.ann.k, WholeRange{1},
             "neighbours per query for --hdf5 (100)", "N");
  command.add_flag("--force", options.force, "replace existing outputs");
}

void check_output(const IndexOptions& options) {
  require_one_stream(options.inputs);
  require_fitting_name(options.output, Content::index);
  require_no_input(options.output, options.inputs);
}

void check_exports(const IndexOptions& options) {
  const std::vector<std::string> inputs = {options.index, options.ann.queries};
  const std::array<std::pair<const std::string&, Content>, 6> files = {
      {{options.npy, Content::vectors},
       {options.tsv, Content::table},
       {options.csv, Content::csv},
       {options.jsonl, Content::json_lines},
       {options.parquet, Content::parquet},
       {options.ann.output, Content::neighbours}}};
  std::vector<std::string> taken;
  for (const auto& [path, content] : files) {
    if (path.empty()) continue;
    require_fitting_name(path, content);
    require_no_input(path, inputs);
    require_creatable(path, options.force);
    if (content == Content::neighbours && options.force) require_own_file(path);
    if (std::ranges::count(taken, path) > 0)
      throw Error(Fault::usage, path, "is the name of two outputs");
    taken.push_back(path);
  }
}

}  // namespace claptools::cmd
