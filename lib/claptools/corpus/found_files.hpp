#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/corpus/update_plan.hpp"
#include "claptools/pipeline/inputs.hpp"
#include "claptools/store/hdf5/row_file.hpp"

namespace claptools {

/// What an index is to hold.
struct CorpusInputs {
  std::vector<std::string> arguments;  ///< as list_inputs takes them; is_list_name() ones are lists
  std::string files_from, files0_from;  ///< further lists of names, one per line, or ended by NUL
  InputOptions options = {};
  bool mirror = false;       ///< recordings that no argument names are gone, too
  bool allow_empty = false;  ///< of all that the index has of a folder, nothing may be left
};

/// Whether a name is that of a list of names, one per line: .txt, .lst, .list.
bool is_list_name(std::string_view path);

/// Recordings that are there, and recordings that an index has rows of.
struct Corpus {
  std::vector<AudioInput> inputs;              ///< that are there, each once; `meta` by `columns`
  std::vector<std::string> columns;            ///< what manifests and shards say of the inputs
  std::vector<FoundFile> found;                ///< of each input
  std::vector<InputError> broken;              ///< inputs that are known to be unreadable
  std::vector<StoredFile> stored;              ///< in the order of their first rows
  std::vector<std::vector<std::size_t>> rows;  ///< of each stored file
};

/// Compares inputs with the rows of an index: by their ids, else by the places that these name, as
/// seen from the working folder. A stored file is in scope if it lies in a folder or shard among
/// the arguments, or a list names it.
/// @param rows without any for a new index.
/// @throws as list_inputs; Error{no_input} for a folder or a list of which nothing is left though
/// the index has rows of it, unless `allow_empty`; {usage} for a stream, which cannot be looked
/// through again.
Corpus find_corpus(const CorpusInputs& inputs, const IndexRows& rows, int threads);

}  // namespace claptools
