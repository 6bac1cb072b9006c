#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claptools {

/// A delimited text with one header line; columns are found by name.
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< each as wide as columns
  std::vector<std::size_t> lines;              ///< 1-based line a row begins on, for messages

  std::optional<std::size_t> find(std::string_view column) const;

  /// @throws Error{data} naming `subject` and the column if it is missing.
  std::size_t require(std::string_view column, std::string_view subject) const;
};

/// guess: by the first line, a tab wins; semicolons are taken where there is neither tab nor comma.
enum class Delimiter { tab, comma, guess };

/// Reads CSV (RFC 4180 quoting) or TSV, whose fields are literal but in two cases: all columns are
/// quoted in the first line, as R and pandas do; or a field begins and ends with a quote and has
/// none but doubled ones between, and at least one such pair. Carriage returns at line ends and a
/// leading byte-order mark are dropped, empty lines skipped, also unnamed columns at the end; a
/// short row is filled with empty fields. R's row names get a column without name.
/// @throws Error{data} for a row wider than the header, an open quote, a duplicate column, an empty
/// input; naming line and byte for what is not UTF-8, but for names of files (`audio`, `filename`
/// ...). What reading throws.
Table read_table(std::istream& in, std::string_view subject,
                 Delimiter delimiter = Delimiter::guess);

/// Opens and reads a file ("-" is standard input).
/// @throws Error{no_input} if it cannot be opened, {io} if reading fails.
Table read_table_file(const std::string& path, Delimiter delimiter = Delimiter::guess);

}  // namespace claptools
