#include "mgaclap/dataset/manifest_builder.hpp"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <utility>

#include "mgaclap/core/error.hpp"
#include "mgaclap/core/mapped_file.hpp"
#include "mgaclap/text/caption.hpp"

namespace mgaclap {
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

std::unordered_set<std::string> read_blacklist(const std::string& path) {
  if (path.empty()) return {};
  const MappedFile file(path);
  const auto bytes = file.bytes();
  const auto lines = split_lines({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  return {lines.begin(), lines.end()};
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
    : path_(std::move(path)), options_(options), blacklist_(read_blacklist(options.blacklist)) {}

void ManifestBuilder::add(ManifestItem item, const std::string& where) {
  const bool in_shard = !item.audio.member.empty();
  if (item.audio.path.empty()) fail(where, "no audio file named");
  if (item.id.empty()) item.id = item.audio.path;
  if (is_blacklisted(item)) return;
  item.captions = clean_captions(item.captions);
  if (item.captions.empty()) fail(where, "no caption");
  if (!in_shard) item.audio.path = (fs::path(options_.audio_root) / item.audio.path).native();
  items_.push_back(std::move(item));
}

bool ManifestBuilder::is_blacklisted(const ManifestItem& item) const {
  if (blacklist_.empty()) return false;
  const fs::path name = item.audio.member.empty() ? item.audio.path : item.audio.member;
  return blacklist_.contains(item.id) || blacklist_.contains(name.native()) ||
         blacklist_.contains(name.filename().native()) || blacklist_.contains(name.stem().native());
}

double ManifestBuilder::parse_duration(std::string_view text, const std::string& where) const {
  if (text.empty()) return 0;
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = code == std::errc() && end == text.data() + text.size();
  if (!whole || !std::isfinite(value) || value < 0)
    fail(where, "duration '" + std::string(text) + "' is not a number of seconds");
  return value;
}

void ManifestBuilder::fail(const std::string& where, const std::string& reason) const {
  throw Error(Fault::data, path_, where + ": " + reason);
}

std::vector<ManifestItem> ManifestBuilder::finish() {
  if (items_.empty())
    throw Error(Fault::data, path_,
                blacklist_.empty() ? "no items" : "no items that are not on the blacklist");
  return std::move(items_);
}

}  // namespace mgaclap
