#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "claptools/core/checksum.hpp"
#include "claptools/core/files/mapped_file.hpp"

namespace claptools {

/// A mapped file whose blocks are compared with their checksums when they are needed, each once:
/// what is not searched is not read. Any number of threads may check at the same time.
class CheckedFile {
 public:
  /// @param checksums without them any bytes are good.
  /// @throws Error{no_input}, {data} if the file has another size than it was written with.
  CheckedFile(const std::filesystem::path& path, std::optional<BlockChecksums> checksums);

  std::span<const std::byte> bytes() const { return file_.bytes(); }
  const std::string& subject() const { return subject_; }

  /// Whether the bytes [first, first + count) are those that were written.
  bool holds(std::size_t first, std::size_t count) const;

  /// @throws Error{data} unless they are. Checks on OpenMP's current number of threads.
  void check(std::size_t first, std::size_t count) const;

 private:
  MappedFile file_;
  std::string subject_;
  std::optional<BlockChecksums> checksums_;
  std::unique_ptr<std::atomic<bool>[]> good_;  ///< by block: has been compared
};

}  // namespace claptools
