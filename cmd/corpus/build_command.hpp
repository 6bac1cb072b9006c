#pragma once

#include <memory>

#include "cmd/corpus/corpus_options.hpp"
#include "cmd/index/index_options.hpp"

namespace CLI {
class App;
}

namespace claptools::cmd {

/// What build is given besides the options of an index.
struct BuildArguments {
  std::shared_ptr<IndexOptions> index;
  CorpusChoice corpus;
  ModelChoice model;
  AudioOptions audio;
  bool allow_collapsed = false;  ///< sound of a model whose texts cannot be told apart
};

/// All options of build.
void add_build_options(CLI::App& command, BuildArguments& arguments);

/// build: of embedding files and indexes, or of recordings, which are embedded first.
/// @return the exit code.
int build(BuildArguments& arguments, const CLI::App& command, const Program& program);

}  // namespace claptools::cmd
