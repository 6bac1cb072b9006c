#pragma once

#include <filesystem>
#include <memory>

#include "claptools/index/index.hpp"
#include "claptools/store/hdf5/row_file.hpp"

namespace claptools {

/// NAME.clapindex/: vectors.faiss and rows.h5, row i of the one for vector i of the other.
struct IndexDirectory {
  std::unique_ptr<Index> index;
  IndexRows rows;
};

/// One to search only.
struct SearchDirectory {
  std::unique_ptr<SearchIndex> index;
  IndexRows rows;
};

/// Writes the directory beside its final name and renames it into place; at every moment there is
/// the old one or the new one. `rows.vectors` is taken from the file written. Who read what the new
/// one is made of held an OutputLock on the path from then on.
/// @throws Error{cannot_create} if the path exists and not `overwrite`, is anything but an index
/// directory or an empty one, or another process is writing it; {internal} if index and rows do not
/// fit; {io}.
void write_index_directory(const std::filesystem::path& path, const Index& index, IndexRows rows,
                           bool overwrite);

/// Everything in memory and checked, as load_index does it. Beside a writer: the old index or the
/// new one.
/// @throws Error{no_input}, {data} also if vectors and rows differ in number or dimension.
IndexDirectory read_index_directory(const std::filesystem::path& path);

/// What the vectors stand for, without reading one. @throws as read_index_directory.
IndexRows read_directory_rows(const std::filesystem::path& path);

/// The vectors mapped where their type allows it, and checked when they are read, as open_index
/// does it. @throws as read_index_directory.
SearchDirectory open_index_directory(const std::filesystem::path& path);

}  // namespace claptools
