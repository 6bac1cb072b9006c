#include "claptools/dataset/manifest_builder.hpp"

#include <cmath>
#include <filesystem>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/manifests/audio_names.hpp"
#include "claptools/text/caption.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBlank = " \t\r\n\v\f";

/// The captions cleaned, blank ones left out.
std::vector<std::string> clean_captions(const std::vector<std::string>& captions) {
  std::vector<std::string> cleaned;
  for (const std::string& caption : captions) {
    std::string text = clean_caption(caption);
    if (text.find_first_not_of(kBlank) != std::string::npos) cleaned.push_back(std::move(text));
  }
  return cleaned;
}

}  // namespace

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(kBlank) != std::string_view::npos) lines.emplace_back(line);
  }
  return lines;
}

ManifestBuilder::ManifestBuilder(std::string path, const ManifestOptions& options)
    : path_(std::move(path)), options_(options), blacklist_(options.blacklist, path_) {}

void ManifestBuilder::add(ManifestItem item, const std::string& where) {
  const bool in_shard = !item.audio.member.empty();
  if (item.audio.path.empty()) fail(where, "no audio file named");
  if (item.id.empty()) item.id = item.audio.path;
  if (const std::string* entry = blacklist_.find(item)) {
    ++left_out_;
    if (options_.blacklisted != nullptr) options_.blacklisted->add(*entry);
    return;
  }
  item.captions = clean_captions(item.captions);
  if (item.captions.empty()) fail(where, "no caption");
  if (!in_shard) item.audio.path = (fs::path(options_.audio_root) / item.audio.path).native();
  items_.push_back(std::move(item));
}

std::string ManifestBuilder::find_audio(const ValueOf& value_of) const {
  constexpr std::string_view kPlaceholder = "wav_path";  // of WavCaps' published files
  const auto value = [&](const char* name) { return value_of(name).value_or(""); };
  if (std::string path = value("audio"); !path.empty() && path != kPlaceholder) return path;
  const bool is_default = options_.audio_name == ManifestOptions().audio_name;
  const auto named = fill_audio_name(value_of);
  if (named && !is_default) return *named;
  for (const char* name : kAudioColumns)
    if (std::string path = value(name); !path.empty()) return path;
  return named.value_or("");
}

/// Nothing if a column of the pattern is missing.
std::optional<std::string> ManifestBuilder::fill_audio_name(const ValueOf& value_of) const {
  std::string name;
  for (std::string_view rest = options_.audio_name; !rest.empty();) {
    const std::size_t open = std::min(rest.find('{'), rest.size());
    const std::size_t close = rest.find('}', open);
    name += rest.substr(0, close == std::string_view::npos ? close : open);
    if (close == std::string_view::npos) break;
    const auto value = value_of(std::string(rest.substr(open + 1, close - open - 1)));
    if (!value) return std::nullopt;
    name += *value;
    rest.remove_prefix(close + 1);
  }
  return name;
}

double ManifestBuilder::parse_duration(std::string_view text, const std::string& where) const {
  if (text.empty()) return 0;
  const auto value = parse<double>(text);
  if (!value || !std::isfinite(*value) || *value < 0)
    fail(where, "duration '" + std::string(text) + "' is not a number of seconds");
  return *value;
}

void ManifestBuilder::fail(const std::string& where, const std::string& reason) const {
  throw Error(Fault::data, path_, where + ": " + reason);
}

std::vector<ManifestItem> ManifestBuilder::finish() {
  if (options_.blacklisted != nullptr) options_.blacklisted->entries = blacklist_.size();
  if (items_.empty())
    throw Error(Fault::data, path_,
                left_out_ == 0 ? "no items" : "no items that are not on the blacklist");
  return std::move(items_);
}

}  // namespace claptools
