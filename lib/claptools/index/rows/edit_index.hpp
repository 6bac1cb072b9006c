#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "claptools/index/index_directory.hpp"

namespace claptools {

/// Whether these are all rows of an index of this size, in their order.
bool are_all_rows(std::span<const std::size_t> rows, std::size_t size);

/// Row i becomes what row rows[i] was, vectors and all else; what is known of files that have no
/// row any more goes. A graph is built again unless the rows stay as they are.
/// @throws as Index::select.
void select_rows(IndexDirectory& directory, std::span<const std::size_t> rows);

/// What remove_rows() did.
struct Removal {
  std::size_t rows = 0;              ///< that are gone
  std::size_t files = 0;             ///< recordings, or texts, that they were of
  std::vector<std::string> unknown;  ///< words that no row goes by
};

/// Removes the rows of these ids. A word that no row has as its id is a pattern if it has one of
/// *?[, as a shell has it, in which * also stands for slashes.
Removal remove_rows(IndexDirectory& directory, std::span<const std::string> words);

/// What compact_index() dropped.
struct Compaction {
  std::size_t duplicates = 0;  ///< rows of the same id, start and end as an earlier one
  std::size_t columns = 0;     ///< meta columns without a value
  std::size_t records = 0;     ///< of files and failures that say nothing of a row

  bool operator==(const Compaction&) const = default;
};

/// Drops what searches do not need. Duplicate texts stay, as a list may have them.
Compaction compact_index(IndexDirectory& directory);

}  // namespace claptools
