#include "claptools/report/png.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

#include <fstream>
#include <limits>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;

std::string file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

unsigned byte(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

std::size_t be32(std::string_view bytes, std::size_t at) {
  return byte(bytes, at) << 24 | byte(bytes, at + 1) << 16 | byte(bytes, at + 2) << 8 |
         byte(bytes, at + 3);
}

std::string chunk(std::string_view png, std::string_view type) {
  const std::size_t at = png.find(type);
  return std::string(png.substr(at + 4, be32(png, at - 4)));
}

/// The rows of an IDAT chunk; an independent check of its checksum, too.
std::string inflated(std::string_view zlib, std::size_t size) {
  std::string out(size + 1, '\0');
  ::uLongf got = out.size();
  EXPECT_EQ(::uncompress(reinterpret_cast<::Bytef*>(out.data()), &got,
                         reinterpret_cast<const ::Bytef*>(zlib.data()), zlib.size()),
            Z_OK);
  out.resize(got);
  return out;
}

TEST(EncodePng, GivesThePixelsOfThePythonGolden) {
  std::vector<std::uint8_t> pixels;
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 5; ++x) pixels.push_back(static_cast<std::uint8_t>(50 * y + 10 * x));
  }
  Palette palette;
  for (std::size_t i = 0; i < 256; ++i) {
    const auto value = static_cast<std::uint8_t>(i);
    palette[i] = {value, static_cast<std::uint8_t>(255 - i), static_cast<std::uint8_t>(i ^ 85)};
  }
  const std::string golden = file(CLAPTOOLS_TEST_DATA "/report/ramp.png");
  const std::string png = encode_png(pixels, 5, 3, palette);
  const std::size_t rows = golden.find("IDAT") - 4;
  EXPECT_EQ(png.substr(0, rows), golden.substr(0, rows));
  EXPECT_EQ(inflated(chunk(png, "IDAT"), 18), inflated(chunk(golden, "IDAT"), 18));
  EXPECT_EQ(png.substr(png.size() - 12), golden.substr(golden.size() - 12));
}

TEST(EncodePng, SumsItsChunks) {
  const std::string png = encode_png(std::vector<std::uint8_t>(6), 2, 3, viridis());
  std::size_t at = 8;
  int chunks = 0;
  for (; at < png.size(); ++chunks) {
    const std::size_t length = be32(png, at);
    ASSERT_LE(at + 12 + length, png.size());
    const auto* const begin = reinterpret_cast<const ::Bytef*>(png.data() + at + 4);
    EXPECT_EQ(::crc32(0, begin, static_cast<::uInt>(length + 4)), be32(png, at + 8 + length));
    at += 12 + length;
  }
  EXPECT_EQ(chunks, 4);
}

TEST(EncodePng, KeepsALargePicture) {
  std::vector<std::uint8_t> pixels;
  for (int y = 0; y < 300; ++y) {
    for (int x = 0; x < 300; ++x) pixels.push_back(static_cast<std::uint8_t>(7 * x + 13 * y));
  }
  const std::string zlib = chunk(encode_png(pixels, 300, 300, viridis()), "IDAT");
  const std::string rows = inflated(zlib, 300 * 301);
  ASSERT_EQ(rows.size(), 300u * 301);
  EXPECT_EQ(byte(rows, 301 * 299 + 300), pixels.back());
  EXPECT_EQ(be32(zlib, zlib.size() - 4), 0x2ce01722u);
}

TEST(EncodePng, RefusesAnotherShape) {
  const std::vector<std::uint8_t> pixels(6);
  EXPECT_NO_THROW(encode_png(pixels, 2, 3, viridis()));
  EXPECT_THROW(encode_png(pixels, 2, 2, viridis()), Error);
  EXPECT_THROW(encode_png({}, 0, 0, viridis()), Error);
}

TEST(PngDataUri, EncodesAsRfc4648) {
  const std::string head = "data:image/png;base64,";
  EXPECT_EQ(png_data_uri(""), head);
  EXPECT_EQ(png_data_uri("f"), head + "Zg==");
  EXPECT_EQ(png_data_uri("fo"), head + "Zm8=");
  EXPECT_EQ(png_data_uri("foobar"), head + "Zm9vYmFy");
  EXPECT_EQ(png_data_uri("\xff\xfe\xfd"), head + "//79");
}

TEST(Viridis, RisesInLightness) {
  const Palette palette = viridis();
  const auto lightness = [&](std::size_t i) {
    return 0.2126 * palette[i][0] + 0.7152 * palette[i][1] + 0.0722 * palette[i][2];
  };
  for (std::size_t i = 3; i < palette.size(); ++i) EXPECT_GT(lightness(i), lightness(i - 3));
}

TEST(AverageRows, LeavesOutWhatIsNotFinite) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> values{1,   2,   3,  4,   5,
                                  nan, nan, -1, nan, -std::numeric_limits<float>::infinity()};
  EXPECT_THAT(average_rows({values.data(), 5, 2}, 2, -9).data, ElementsAre(2, 3, 5, -1));
  EXPECT_THAT(average_rows({values.data(), 5, 2}, 9, -9).data,
              ElementsAre(1, 2, 3, 4, 5, -9, -9, -1, -9, -9));
}

}  // namespace
}  // namespace claptools
