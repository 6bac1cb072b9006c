#include "claptools/report/level_image.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "claptools/report/png.hpp"

namespace claptools {

std::string level_image(MatrixView levels, double low, double high) {
  std::vector<std::uint8_t> pixels(levels.rows * levels.cols);
  for (std::size_t x = 0; x < levels.rows; ++x) {
    for (std::size_t band = 0; band < levels.cols; ++band) {
      const double share = std::clamp((levels.row(x)[band] - low) / (high - low), 0.0, 1.0);
      pixels[(levels.cols - 1 - band) * levels.rows + x] =
          static_cast<std::uint8_t>(std::lround(255 * share));
    }
  }
  return png_data_uri(encode_png(pixels, levels.rows, levels.cols, viridis()));
}

}  // namespace claptools
