#pragma once

#include <span>
#include <string>

#include "claptools/index/index_directory.hpp"

namespace claptools {

/// One or more indexes as if their rows lay one after the other in one: exact indexes give exactly
/// what one big index would. An embedding file is searched exactly, from memory.
/// @param paths index directories or embedding files; "-" is one on standard input. At least one.
/// @param threads as SearchIndex::set_threads takes it.
/// @throws Error{no_input}, {data} also for one of another model, dimension or kind than the first,
/// and as require_joinable for the embedding files among them.
SearchDirectory open_search_directories(std::span<const std::string> paths, int threads);

}  // namespace claptools
