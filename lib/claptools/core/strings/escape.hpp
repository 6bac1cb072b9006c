#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace claptools {

/// Text for a terminal or a log: C0, DEL and C1 controls (also as UTF-8) and invalid UTF-8 become
/// \n, \t or \xNN.
std::string escape_controls(std::string_view text);

/// One TSV field: as escape_controls, and a backslash becomes \\ so that the field can be read
/// back.
std::string escape_tsv(std::string_view field);

/// The inverse of escape_tsv.
std::string unescape_tsv(std::string_view field);

/// JSON text with DEL and the C1 controls, which JSON allows as they are, as a "u" escape.
std::string escape_json(std::string_view json);

/// A name from a stranger's file as a message quotes it: its beginning and "..." where it is longer
/// than `bytes`, cut between characters.
std::string shorten(std::string_view name, std::size_t bytes = 60);

}  // namespace claptools
