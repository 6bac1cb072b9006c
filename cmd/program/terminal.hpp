#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace claptools::cmd {

/// How many columns the terminal behind a descriptor has at this moment: 80 where it does not say,
/// 0 where there is no terminal.
std::size_t terminal_width(int descriptor);

/// The beginning of a text in UTF-8 that takes at most `columns` of a terminal: an East Asian
/// character takes two, an accent that joins the letter before it none.
std::string fit_columns(std::string_view text, std::size_t columns);

}  // namespace claptools::cmd
