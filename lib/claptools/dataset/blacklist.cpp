#include "claptools/dataset/blacklist.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/manifests/audio_names.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kBlank = " \t\r\n\v\f";
constexpr std::size_t kYouTubeId = 11;  // characters

/// Words in the path of a manifest, and the list that the official code then uses.
constexpr std::array<std::pair<const char*, const char*>, 6> kSources = {
    {{"FreeSound", "FreeSound"},
     {"Clotho", "FreeSound"},
     {"AudioSet", "AudioSet"},
     {"AudioCaps", "AudioSet"},
     {"SoundBible", ""},
     {"BBC_Sound", ""}}};

bool is_for(const std::string& list, const std::string& manifest) {
  bool names_any = manifest.find(list) != std::string::npos;
  if (names_any) return true;
  for (const auto& [word, source] : kSources) {
    if (manifest.find(word) == std::string::npos) continue;
    if (list == source) return true;
    names_any = true;
  }
  return !names_any;
}

std::string without_audio_extension(const std::string& name) {
  return has_audio_extension(name) ? name.substr(0, name.rfind('.')) : name;
}

}  // namespace

Blacklist::Blacklist(const std::string& path, const std::string& manifest) {
  if (path.empty()) return;
  InputStream in(path);
  const std::string text = read_all(in);
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first != std::string::npos && (text[first] == '{' || text[first] == '[')) {
    read_json(text, path, manifest);
    return;
  }
  std::istringstream lines_in(text);
  LineReader lines(lines_in, path);
  for (std::string line; lines.next_name(line);) {
    if (line.find_first_not_of(kBlank) == std::string::npos) continue;
    ++size_;
    add(line);
  }
}

void Blacklist::read_json(const std::string& text, const std::string& path,
                          const std::string& manifest) {
  constexpr std::size_t kMaxEntries = 10'000'000;
  check_json(text, path, {.depth = 3, .values = kMaxEntries});
  const Json root = Json::parse(text);
  const auto add_list = [&](const Json& list, bool applies) {
    if (!list.is_array())
      throw Error(Fault::data, path, "is neither a list of clips nor lists by source");
    for (const Json& entry : list) {
      if (!entry.is_string() && !entry.is_number_integer())
        throw Error(Fault::data, path, "an entry is neither a text nor a number");
      ++size_;
      if (applies) add(entry.is_string() ? entry.get<std::string>() : entry.dump());
    }
  };
  if (root.is_array()) return add_list(root, true);
  for (const auto& [source, list] : root.items()) add_list(list, is_for(source, manifest));
}

void Blacklist::add(const std::string& entry) {
  entries_.emplace(entry, entry);
  entries_.emplace(without_audio_extension(entry), entry);
}

const std::string* Blacklist::look_up(const std::string& name) const {
  const auto at = entries_.find(name);
  return at == entries_.end() ? nullptr : &at->second;
}

const std::string* Blacklist::find(const ManifestItem& item) const {
  if (entries_.empty()) return nullptr;
  const fs::path audio = item.audio.member.empty() ? item.audio.path : item.audio.member;
  const std::string stem = audio.stem().native(), id = without_audio_extension(item.id);
  for (const std::string& name : {item.id, audio.native(), audio.filename().native(), stem, id}) {
    if (const std::string* entry = look_up(name)) return entry;
  }
  for (const std::string& name : {stem, id}) {
    const bool has_y = name.size() == kYouTubeId + 1 && name[0] == 'Y';
    if (!has_y && name.size() != kYouTubeId) continue;
    if (const std::string* entry = look_up(has_y ? name.substr(1) : "Y" + name)) return entry;
  }
  return nullptr;
}

}  // namespace claptools
