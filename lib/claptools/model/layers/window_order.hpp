#pragma once

#include <cstdint>
#include <vector>

namespace claptools {

/// Orders of the tokens of a square grid; order[i] is the row-major index of the i-th token.
/// Keeping tokens in window order inside a stage makes window attention a plain view, and a cyclic
/// shift one gather.
using TokenOrder = std::vector<std::int64_t>;

/// Windows row by row, tokens row by row inside each; the grid rolled by (-shift, -shift) first.
/// Source: docs/reference/pipeline.md, step 10.
TokenOrder window_order(int grid, int window, int shift);

/// Position of each row-major token in `order`.
TokenOrder invert(const TokenOrder& order);

/// Gather indices that bring tokens from one order into another: to_order(x) = x[gather].
TokenOrder gather_between(const TokenOrder& from, const TokenOrder& to);

/// Gather indices for patch merging: for each token of the next grid in its window order (even row,
/// even column), (odd, even), (even, odd), (odd, odd) of this grid, taken from tokens that lie in
/// `from`. Four indices per token.
TokenOrder merge_gather(int grid, int window, const TokenOrder& from);

}  // namespace claptools
