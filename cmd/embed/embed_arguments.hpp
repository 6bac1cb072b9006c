#pragma once

#include <string>
#include <vector>

#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/pipeline/inputs.hpp"
#include "claptools/store/embedding_file.hpp"
#include "cmd/model/audio_options.hpp"
#include "cmd/model/model_options.hpp"
#include "cmd/program/program.hpp"

namespace claptools::cmd {

/// What clap-embed was told.
struct EmbedArguments {
  std::vector<std::string> inputs;
  std::string output, dtype = "f32";
  bool text = false, clean_captions = false, nul_separated = false, hidden = false;
  bool force = false, resume = false, verify = false, merge = false, virtual_sets = false;
  bool allow_pipe = false;       ///< run commands
  bool allow_collapsed = false;  ///< sound of a model whose texts cannot be told apart
  std::string shard, report, retry_failed, files_from, files0_from, audio_root;
  std::string shard_by = "tar";
  std::string tar, name;        ///< a tar file that is read once, and what its ids begin with
  double max_member_mib = 256;  ///< of a shard that is read once
  ModelChoice model;
  AudioOptions audio;
};

void add_embed_options(CLI::App& app, EmbedArguments& arguments);

/// What needs no model to be judged; check_audio_options may change some.
/// @throws Error{usage}, {cannot_create}.
void check(EmbedArguments& arguments, const CLI::App& app);

/// The recordings, in order, but for those of --audio. @throws as list_inputs.
InputList list_recordings(const EmbedArguments& arguments, const Log& log);

/// The header of the output, without what describes recordings.
EmbeddingHeader make_header(const EmbedArguments& arguments, const Program& program,
                            const OpenedModel& opened);

}  // namespace claptools::cmd
