#include "claptools/manifests/audio_names.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr std::array kExtensions = {
    "aac",  "ac3", "aif", "aifc", "aiff", "amr", "ape",  "au",   "avi",  "caf", "flac",
    "m4a",  "m4v", "mka", "mkv",  "mov",  "mp2", "mp3",  "mp4",  "mpc",  "oga", "ogg",
    "opus", "snd", "spx", "tta",  "w64",  "wav", "wave", "weba", "webm", "wma", "wv"};

}  // namespace

bool has_audio_extension(const std::string& path) {
  std::string extension = fs::path(path).extension().native();
  if (extension.empty()) return false;
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return std::find(kExtensions.begin(), kExtensions.end(), extension.substr(1)) !=
         kExtensions.end();
}

bool is_manifest_name(std::string_view path) {
  constexpr std::array kEnds = {".tsv", ".csv", ".jsonl", ".ndjson"};
  return std::ranges::any_of(kEnds, [&](const char* end) { return path.ends_with(end); });
}

void require_audio_root(const std::string& folder) {
  std::error_code code;
  if (!folder.empty() && !fs::is_directory(folder, code))
    throw Error(Fault::no_input, folder, "no such folder (`audio_root`)");
}

}  // namespace claptools
