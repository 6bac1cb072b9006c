#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "claptools/index/find_hits.hpp"

namespace claptools {

/// Hits of several queries, as a table.
struct HitTable {
  struct Row {
    std::string query;
    std::size_t rank = 0;           ///< from 1
    std::string score;              ///< as the table that it comes from spells it
    Segment segment;                ///< of the row, or of all that were joined
    std::vector<std::string> meta;  ///< one value per meta column
  };
  std::vector<std::string> meta_columns;
  std::vector<Row> rows;
};

/// One table of hits from several that clap-query printed, as if it had searched all their indexes
/// at once. Of equal scores that of the earlier file comes first. Queries come in the order of the
/// first file that has them; queries of one name are told apart by their order.
/// @throws Error{no_input}, {data} for a file that is not a table of hits.
HitTable merge_hits(std::span<const std::string> files, const HitOptions& options);

}  // namespace claptools
