#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "claptools/core/files/atomic_file.hpp"

namespace claptools::cmd {

/// For the moment before work starts that ends in writing the file `path`. "-" is always free.
/// @throws Error{cannot_create} if it exists and not force, or is a folder.
void require_creatable(const std::string& path, bool force);

/// The same of a folder that is to be made: @throws Error{cannot_create} if it exists and not
/// force.
void require_creatable_folder(const std::string& path, bool force);

/// Text for standard output, or for a file that appears whole when it is closed.
class TextOutput {
 public:
  /// @param path "-" is standard output.
  /// @throws Error{cannot_create} if the file exists and not force, or cannot be made.
  TextOutput(const std::string& path, bool force);

  /// @throws Error{io}.
  void write(std::string_view text);

  /// Hands on what has been written. @throws Error{io}.
  void flush();

  /// @throws Error{io}, {cannot_create}. Without it no file appears.
  void close();

 private:
  std::unique_ptr<AtomicFile> file_;  ///< none: standard output
  std::string buffer_;
};

}  // namespace claptools::cmd
