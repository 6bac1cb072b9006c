#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace claptools::fuzz {

/// A temporary folder for readers that take a path. Removed at the end, not after a crash.
class InputFolder {
 public:
  InputFolder();
  InputFolder(const InputFolder&) = delete;
  InputFolder& operator=(const InputFolder&) = delete;
  ~InputFolder();

  /// Puts the bytes into a file of that name, replacing what it held.
  std::string write(const char* name, const std::uint8_t* data, std::size_t size) const;

 private:
  std::filesystem::path path_;
};

}  // namespace claptools::fuzz
