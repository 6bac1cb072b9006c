#pragma once

#include <cstddef>
#include <string>

#include "claptools/core/files/file_stamp.hpp"
#include "claptools/store/hdf5/row_file.hpp"

namespace claptools {

/// How the rows of an index stand to the recordings on disk, as seen from the working folder.
struct IndexHealth {
  std::size_t files = 0, rows = 0;
  std::size_t files_gone = 0, rows_gone = 0;    ///< there is no such file any more
  std::size_t files_stale = 0, rows_stale = 0;  ///< it has another size or time than its rows
  std::size_t files_unknown = 0;   ///< neither, but the size or time that it had is not known
  std::size_t files_failed = 0;    ///< that could not be embedded
  std::size_t rows_duplicate = 0;  ///< of the same id, start and end as another row
};

/// Looks at each file, but does not read any. Of an index of texts there are none.
IndexHealth check_health(const IndexRows& rows);

/// The file that an id names, or of a shard's member the shard's; without size if there is none.
FileStamp stamp_of_id(const std::string& id);

}  // namespace claptools
