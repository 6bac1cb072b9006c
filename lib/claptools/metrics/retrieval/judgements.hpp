#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "claptools/core/strings/table.hpp"
#include "claptools/metrics/sed/clip_matcher.hpp"

namespace claptools {

/// An item that is relevant to a query.
struct RelevantItem {
  std::size_t item = 0;
  double relevance = 1;  ///< above 0
};

/// Which items are relevant to each query that was judged; a query may have none.
struct Judgements {
  std::vector<std::size_t> queries;                 ///< rows of those judged, ascending
  std::vector<std::vector<RelevantItem>> relevant;  ///< of each of them
};

/// What queries and items are called in messages. Either may be files.
inline constexpr NameKind kScoredQuery{"query", "queries", "those scored", true};
inline constexpr NameKind kScoredItem{"item", "items", "those scored", true};

/// Whether a truth is a table of judgements: it has the columns `query` and `item`.
bool has_judgements(const Table& table);

/// Joins a table with the columns `query`, `item` and perhaps `relevance` (0: judged, but not
/// relevant; 1 without the column) to what was scored. What a query has no line about is not
/// relevant; a query without any line is not judged. A relevant item without scores is left out.
/// @param subject the table's name, for messages.
/// @throws Error{data} for what the matchers refuse, a relevance that is not a number from 0 on, an
/// item that is judged twice for a query, and a table that judges nothing.
Judgements match_judgements(const Table& table, std::string_view subject, ClipMatcher& queries,
                            ClipMatcher& items);

}  // namespace claptools
