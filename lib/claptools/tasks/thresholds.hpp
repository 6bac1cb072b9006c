#pragma once

#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace claptools {

/// Thresholds of classes from lines "label<TAB>threshold", perhaps after that header.
/// @param subject   the file's name, for messages.
/// @param labels    of the classes.
/// @param otherwise the threshold of those that have no line.
/// @return          [labels].
/// @throws Error{data} naming the line for a label that is not one of them or comes twice, and for
/// what is not a number from -1 to 1.
std::vector<double> read_thresholds(std::istream& in, std::string_view subject,
                                    std::span<const std::string> labels, double otherwise);

}  // namespace claptools
