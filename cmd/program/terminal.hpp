#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace claptools::cmd {

/// Current number of columns of the terminal of a descriptor: 80 if it does not say, 0 if the
/// descriptor is not a terminal.
std::size_t terminal_width(int descriptor);

/// The beginning of a text in UTF-8 that takes at most `columns` of a terminal: an East Asian
/// character takes two, an accent that joins the letter before it none.
std::string fit_columns(std::string_view text, std::size_t columns);

}  // namespace claptools::cmd
