#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "claptools/index/duplicates/match_recordings.hpp"
#include "claptools/index/index_directory.hpp"

namespace claptools {

/// One pair of recordings that are alike in a part.
struct Duplicate {
  std::size_t group = 0;  ///< from 1; recordings that are joined by pairs have the same
  RecordingMatch match;
  std::string id, other_id;  ///< of the recordings, as the index has them
  double share = 0;          ///< of the shorter recording that the match covers
  std::string keep;          ///< id of the copy of the group that is best kept
};

struct DuplicateOptions {
  PairOptions pairs;
  double min_share = 0;    ///< least Duplicate::share
  bool read_files = true;  ///< look at the files that ids name, to say which is best kept
  /// Called with the number of files looked at and that of all, by one thread at a time; may be
  /// empty.
  std::function<void(std::size_t done, std::size_t all)> files_progress = {};
};

/// Recordings that are in an index more than once, whole or in part. Two names of one file, such as
/// links, are not duplicates. A file that is gone, or cannot be read, is judged by its rows.
/// @return groups in the order of their first rows, in each the pairs in that order; incomplete if
/// `pairs.stop` was set. @throws as find_near_pairs.
std::vector<Duplicate> find_duplicates(const SearchDirectory& directory,
                                       const DuplicateOptions& options);

}  // namespace claptools
