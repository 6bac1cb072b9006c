#include "claptools/store/hdf5/own_file.hpp"

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/store/hdf5/hdf5_input.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

/// Ours say what they are; those of AnnFile, in a layout of others, only by what they hold.
bool is_ours(const std::string& path) {
  try {
    const hdf5::Input input(path);
    const auto format = input.text("/", "format");
    if (format) return format->starts_with("clap-");
    return input.has("train") && input.has("test") && input.has("neighbors") &&
           input.integer("/", hdf5::kComplete);
  } catch (const Error& error) {
    if (error.fault() != Fault::data) throw;
    return false;
  }
}

}  // namespace

void require_own_file(const std::string& path) {
  if (path == "-" || !fs::is_regular_file(status_of(path, Fault::cannot_create))) return;
  std::error_code failed;
  if (fs::file_size(path, failed) == 0 || is_ours(path)) return;
  throw Error(
      Fault::cannot_create, path,
      "is not a file that these tools wrote: it is not replaced; remove it, or give another "
      "name");
}

}  // namespace claptools
