#pragma once

#include <atomic>
#include <span>
#include <string>

namespace claptools {

struct MergeOptions {
  std::string output;      ///< "-" is standard output
  bool overwrite = false;  ///< an existing output
  bool refer = false;      ///< to the files' embeddings, as virtual datasets, instead of copying
  std::string tool, command, created;  ///< attributes of the output
};

/// Joins embedding files: shards in their order, then other files as given. Columns of meta/ are
/// those that any file has. A failure of an input that another file has rows of, such as one made
/// of the inputs that failed, is left out; of several failures of an input the last one stays.
/// @param stop when set, the merge ends early.
/// @return false if it was stopped: then there is no output.
/// @throws Error{no_input} without files, {data} for files of different models or options, and for
/// shards of which one is missing or given twice; {usage} if it cannot refer to a file, as
/// to a pipe; {cannot_create} if it would refer to the output; as EmbeddingReader and
/// EmbeddingWriter.
bool merge_files(std::span<const std::string> files, const MergeOptions& options,
                 const std::atomic<bool>& stop);

}  // namespace claptools
