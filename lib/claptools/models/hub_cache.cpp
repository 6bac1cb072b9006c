#include "claptools/models/hub_cache.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

bool is_part(std::string_view word) {
  return !word.empty() && word.front() != '.' && std::ranges::all_of(word, [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' || c == '.';
  });
}

fs::path variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

bool is_hub_name(std::string_view word) {
  const auto slash = word.find('/');
  return slash != std::string_view::npos && is_part(word.substr(0, slash)) &&
         is_part(word.substr(slash + 1));
}

fs::path hub_cache() {
  if (const fs::path hub = variable("HF_HUB_CACHE"); !hub.empty()) return hub;
  if (const fs::path home = variable("HF_HOME"); !home.empty()) return home / "hub";
  return variable("HOME") / ".cache/huggingface/hub";
}

std::optional<fs::path> find_in_hub_cache(std::string_view name, const fs::path& cache) {
  const auto slash = name.find('/');
  const fs::path folder = cache / ("models--" + std::string(name.substr(0, slash)) + "--" +
                                   std::string(name.substr(slash + 1)));
  std::ifstream in(folder / "refs/main");
  std::string revision;
  if (!(in >> revision) || !is_part(revision)) return std::nullopt;
  std::error_code failed;
  fs::path snapshot = folder / "snapshots" / revision;
  if (!fs::is_directory(snapshot, failed)) return std::nullopt;
  return snapshot;
}

fs::path find_model(const std::string& model) {
  std::error_code failed;
  if (!is_hub_name(model) || fs::exists(fs::symlink_status(model, failed))) return model;
  const fs::path cache = hub_cache();
  if (auto found = find_in_hub_cache(model, cache)) return *found;
  throw Error(Fault::no_input, model,
              "no such model, neither here nor in the cache " + cache.native() +
                  "; fetch it by: hf download " + model);
}

}  // namespace claptools
