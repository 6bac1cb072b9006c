#include "fuzz/input_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace claptools::fuzz {

InputFolder::InputFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "claptools-fuzz-XXXXXX").native();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

InputFolder::~InputFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string InputFolder::write(const char* name, const std::uint8_t* data, std::size_t size) const {
  const std::string path = (path_ / name).native();
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
  return path;
}

}  // namespace claptools::fuzz
