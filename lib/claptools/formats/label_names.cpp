#include "claptools/formats/label_names.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/join.hpp"

namespace claptools {
namespace {

using Parts = std::vector<std::string>;

constexpr std::size_t kMaxDepth = 30;   // what ScratchFolder removes
constexpr std::string_view kUp = "__";  // for "..", which would lead out of the folder

/// The parts of a path, without those that lead nowhere.
Parts parts_of(std::string_view id) {
  Parts parts;
  while (!id.empty()) {
    const std::size_t slash = std::min(id.find('/'), id.size());
    const std::string_view part = id.substr(0, slash);
    if (!part.empty() && part != ".") parts.emplace_back(part == ".." ? kUp : part);
    id.remove_prefix(std::min(slash + 1, id.size()));
  }
  if (parts.empty()) parts.emplace_back("recording");
  return parts;
}

/// How many folders all paths begin with.
std::size_t common_folders(const std::vector<Parts>& paths) {
  std::size_t common = paths.empty() ? 0 : paths[0].size() - 1;
  for (const Parts& path : paths) {
    const auto ends = std::ranges::mismatch(path.begin(), path.end() - 1, paths[0].begin(),
                                            paths[0].begin() + static_cast<std::ptrdiff_t>(common));
    common = static_cast<std::size_t>(ends.in1 - path.begin());
  }
  return common;
}

std::string stem_of(const std::string& path) {
  return std::filesystem::path(path).replace_extension().native();
}

}  // namespace

std::vector<std::string> label_file_names(std::span<const std::string> ids,
                                          std::string_view ending) {
  std::vector<Parts> paths;
  paths.reserve(ids.size());
  for (const std::string& id : ids) paths.push_back(parts_of(id));
  const auto common = static_cast<std::ptrdiff_t>(common_folders(paths));
  std::vector<std::string> names;
  std::map<std::string, std::size_t> stems;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    paths[i].erase(paths[i].begin(), paths[i].begin() + common);
    if (paths[i].size() > kMaxDepth)
      throw Error(Fault::usage, shorten(ids[i]), "lies too many folders deep for files of labels");
    names.push_back(join(paths[i], "/"));
    ++stems[stem_of(names.back())];
  }
  std::map<std::string, std::size_t> owners;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string stem = stem_of(names[i]);
    if (stems[stem] == 1) names[i] = stem;
    (names[i] += '.') += ending;
    const auto [owner, is_new] = owners.emplace(names[i], i);
    if (!is_new) {
      throw Error(Fault::usage, shorten(names[i], 100),
                  "would be the file of '" + shorten(ids[owner->second]) + "' and of '" +
                      shorten(ids[i]) + "'");
    }
  }
  return names;
}

}  // namespace claptools
