#pragma once

#include <span>
#include <string>

#include "claptools/index/find_hits.hpp"
#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {

/// Prints one table of hits from several that clap-query has printed, as if it had searched all
/// their indexes at once. Of equal scores that of the earlier file comes first. Queries come in the
/// order of the first file that has them; queries of one name are told apart by their order.
/// @throws Error{no_input}, {data} for what is no table of hits.
void merge_hits(std::span<const std::string> files, const HitOptions& options,
                const TableOptions& table);

}  // namespace claptools::cmd
