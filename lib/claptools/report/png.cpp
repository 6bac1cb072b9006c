#include "claptools/report/png.hpp"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <new>

#include "claptools/core/crc32.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/strings/base64.hpp"

namespace claptools {
namespace {

void append_be32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

void append_chunk(std::string& out, std::string_view type, std::string_view content) {
  append_be32(out, static_cast<std::uint32_t>(content.size()));
  const std::size_t first = out.size();
  (out += type) += content;
  append_be32(out, crc32(std::as_bytes(std::span(out).subspan(first))));
}

std::string deflated(std::string_view bytes) {
  ::uLongf size = ::compressBound(bytes.size());
  std::string out(size, '\0');
  const int code = ::compress(reinterpret_cast<::Bytef*>(out.data()), &size,
                              reinterpret_cast<const ::Bytef*>(bytes.data()), bytes.size());
  if (code != Z_OK) throw std::bad_alloc();  // the one failure that is left
  out.resize(size);
  return out;
}

std::string header(std::size_t width, std::size_t height) {
  std::string out;
  append_be32(out, static_cast<std::uint32_t>(width));
  append_be32(out, static_cast<std::uint32_t>(height));
  return out + std::string("\x08\x03\x00\x00\x00", 5);  // 8 bits, palette
}

}  // namespace

Palette viridis() {
  constexpr int kPoints[10][3] = {{68, 1, 84},    {72, 40, 120},  {62, 74, 137},  {49, 104, 142},
                                  {38, 130, 142}, {31, 158, 137}, {53, 183, 121}, {110, 206, 88},
                                  {181, 222, 43}, {253, 231, 37}};
  Palette palette{};
  for (std::size_t i = 0; i < palette.size(); ++i) {
    const std::size_t point = std::min<std::size_t>(i * 9 / 255, 8);
    const double share = static_cast<double>(i) * 9 / 255 - static_cast<double>(point);
    for (std::size_t c = 0; c < 3; ++c) {
      palette[i][c] = static_cast<std::uint8_t>(
          std::lround((1 - share) * kPoints[point][c] + share * kPoints[point + 1][c]));
    }
  }
  return palette;
}

std::string encode_png(std::span<const std::uint8_t> pixels, std::size_t width, std::size_t height,
                       const Palette& palette) {
  if (width == 0 || height == 0 || width > 65535 || height > 65535 ||
      pixels.size() != width * height) {
    throw Error(Fault::internal, "PNG", "the pixels are not height x width");
  }
  std::string colours;
  for (const auto& colour : palette) colours.append(colour.begin(), colour.end());
  std::string rows;
  for (std::size_t y = 0; y < height; ++y) {
    rows += '\0';  // no filter
    rows.append(pixels.begin() + static_cast<std::ptrdiff_t>(y * width),
                pixels.begin() + static_cast<std::ptrdiff_t>((y + 1) * width));
  }
  std::string png = "\x89PNG\r\n\x1a\n";
  append_chunk(png, "IHDR", header(width, height));
  append_chunk(png, "PLTE", colours);
  append_chunk(png, "IDAT", deflated(rows));
  append_chunk(png, "IEND", {});
  return png;
}

std::string png_data_uri(std::string_view png) { return "data:image/png;base64," + base64(png); }

Matrix average_rows(MatrixView values, std::size_t width, float floor) {
  Matrix out(std::min(values.rows, width), values.cols);
  for (std::size_t i = 0; i < out.rows; ++i) {
    const std::size_t first = i * values.rows / out.rows;
    const std::size_t end = (i + 1) * values.rows / out.rows;
    for (std::size_t c = 0; c < values.cols; ++c) {
      double sum = 0;
      std::size_t count = 0;
      for (std::size_t r = first; r < end; ++r) {
        const float v = values.row(r)[c];
        if (!std::isfinite(v)) continue;
        sum += v;
        ++count;
      }
      out.row(i)[c] = count > 0 ? static_cast<float>(sum / static_cast<double>(count)) : floor;
    }
  }
  return out;
}

}  // namespace claptools
