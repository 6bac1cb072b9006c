#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/index/index.hpp"
#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// A row that was found, or several of one recording.
struct Hit {
  std::size_t row = 0;  ///< the best of them
  float score = 0;      ///< its score
  double start_s = 0;   ///< of the row, or of all that were joined
  double end_s = 0;

  bool operator==(const Hit&) const = default;
};

struct HitOptions {
  std::size_t k = 10;  ///< at most this many per query
  double min_score = -std::numeric_limits<double>::infinity();
  /// One hit per recording: its best row, together with those rows of it which reach min_score and
  /// overlap or adjoin the best one, each other in a chain. Without min_score the best row alone.
  bool by_file = false;
};

/// Where the recording of an id lies, as seen from the working folder, without following links.
std::string absolute_path(std::string_view id);

/// The best rows of each query, best first; of equal scores the lower row first.
/// @param segments of all rows of the index. @param rows where to look.
/// @param queries [n, dim].
/// @param own of each query the id whose rows it may not find, or none at all.
/// @throws as SearchIndex::search.
std::vector<std::vector<Hit>> find_hits(const SearchIndex& index, std::span<const Segment> segments,
                                        RowRange rows, MatrixView queries,
                                        const HitOptions& options,
                                        std::span<const std::string> own = {});

/// The hits of one query that the options keep; they may come from several searches.
/// @param hits best first. @param segments where Hit::row points.
std::vector<Hit> select_hits(std::span<const Hit> hits, std::span<const Segment> segments,
                             const HitOptions& options);

}  // namespace claptools
