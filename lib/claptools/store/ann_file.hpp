#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// Vectors, queries and exact neighbours in the HDF5 layout of ann-benchmarks: `train` [n, dim],
/// `test` [m, dim], `neighbors` [m, k] and `distances` [m, k] (1 - cosine), attribute `distance` =
/// "angular". The file appears whole with commit().
class AnnFile {
 public:
  /// @throws Error{cannot_create}.
  AnnFile(const std::string& path, std::size_t dim, std::size_t k, bool overwrite);
  ~AnnFile();

  /// The next rows of `train`. @throws Error{io}.
  void append_train(MatrixView vectors);

  /// Queries and what they find. @param ids [m, k], @param cosines [m, k]. @throws Error{io}.
  void append_test(MatrixView queries, std::span<const std::int64_t> ids,
                   std::span<const float> cosines);

  /// @throws Error{io}, {cannot_create}.
  void commit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace claptools
