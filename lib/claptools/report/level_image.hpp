#pragma once

#include <string>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// A spectrogram as a PNG in a data: URI, one pixel a value, low frequencies at the bottom.
/// @param levels [columns, bands], at least one of each.
/// @param low, high what the darkest and the brightest colour stand for, low < high.
std::string level_image(MatrixView levels, double low, double high);

}  // namespace claptools
