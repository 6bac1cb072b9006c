#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "claptools/core/matrix.hpp"

namespace claptools {

using Palette = std::array<std::array<std::uint8_t, 3>, 256>;

/// Dark blue over green to yellow, rising evenly in lightness: also for the colour-blind and on a
/// grey printer. Source: ten points of matplotlib's viridis (CC0), linear between them.
Palette viridis();

/// A PNG file of 8-bit palette pixels. Its bytes depend on the version of zlib, its pixels do not.
/// @param pixels [height, width], rows from the top; neither side may be 0.
/// @throws Error{internal} if the pixels are not height x width or a side is 0 or above 65,535.
std::string encode_png(std::span<const std::uint8_t> pixels, std::size_t width, std::size_t height,
                       const Palette& palette);

/// "data:image/png;base64,..." of a PNG file.
std::string png_data_uri(std::string_view png);

/// Mean over at most `width` groups of neighbouring rows; fewer rows stay as they are. Values that
/// are not finite are left out; a group of none but those is `floor`.
Matrix average_rows(MatrixView values, std::size_t width, float floor);

}  // namespace claptools
