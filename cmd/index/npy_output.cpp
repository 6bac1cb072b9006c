#include "cmd/index/npy_output.hpp"

#include <bit>

namespace claptools::cmd {
namespace {

std::string npy_header(std::size_t rows, std::size_t cols) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::size_t kPreamble = 10;  // magic, version, length
  constexpr std::size_t kAlignment = 64;
  std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) +
                     ", " + std::to_string(cols) + "), }";
  const std::size_t used = kPreamble + text.size() + 1;
  text += std::string((kAlignment - used % kAlignment) % kAlignment, ' ') + '\n';
  std::string header = "\x93NUMPY";
  header +=
      {'\x01', '\x00', static_cast<char>(text.size() & 0xff), static_cast<char>(text.size() >> 8)};
  return header + text;
}

}  // namespace

NpyOutput::NpyOutput(const std::string& path, std::size_t rows, std::size_t cols, bool force)
    : output_(path, force) {
  output_.write(npy_header(rows, cols));
}

void NpyOutput::write(MatrixView block) {
  output_.write(
      {reinterpret_cast<const char*>(block.data), block.rows * block.cols * sizeof(float)});
}

}  // namespace claptools::cmd
