#pragma once

#include <cstddef>
#include <string>

#include "claptools/core/matrix.hpp"
#include "cmd/program/text_output.hpp"

namespace claptools::cmd {

/// A float32 matrix as numpy.load reads it (NPY format 1.0).
class NpyOutput {
 public:
  /// @throws Error{cannot_create} as TextOutput.
  NpyOutput(const std::string& path, std::size_t rows, std::size_t cols, bool force);

  /// The next rows. @throws Error{io}.
  void write(MatrixView block);

  /// @throws Error{io}, {cannot_create}.
  void close() { output_.close(); }

 private:
  TextOutput output_;
};

}  // namespace claptools::cmd
