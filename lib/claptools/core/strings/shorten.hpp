#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace claptools {

/// At most `most` bytes of a text that escape_controls() has made: its middle becomes "...", and
/// neither a character nor an escape (\x1b) is cut in two. `most` is at least 16.
std::string shorten_middle(std::string_view escaped, std::size_t most);

/// A message of at most `most` bytes. Long words (names of files, values) lose their middle first,
/// so that what is said about them stays; only then the message does.
std::string shorten_message(std::string_view escaped, std::size_t most);

}  // namespace claptools
