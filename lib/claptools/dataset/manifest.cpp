#include "claptools/dataset/manifest.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "claptools/archive/braces.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/dataset/blacklist.hpp"
#include "claptools/dataset/manifest_item.hpp"
#include "claptools/manifests/shard.hpp"
#include "claptools/text/caption.hpp"

namespace claptools {
namespace {

/// The captions cleaned, blank ones left out.
std::vector<std::string> clean_captions(const std::vector<std::string>& captions) {
  std::vector<std::string> cleaned;
  for (const std::string& caption : captions) {
    std::string text = clean_caption(caption);
    if (text.find_first_not_of(" \t\r\n\v\f") != text.npos) cleaned.push_back(std::move(text));
  }
  return cleaned;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    lines.emplace_back(line.substr(0, line.size() - (line.ends_with('\r') ? 1 : 0)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

void require_sound(const TarMember& member, const Record& record) {
  if (!member.broken.empty()) record.fail("member '" + member.name + "' " + member.broken);
}

/// Its one member with audio.
const TarMember& find_audio(const TarSample& sample, const Record& record) {
  const auto audio = audio_members(sample);
  if (audio.size() > 1) record.fail("more than one audio member");
  if (audio.empty())
    record.fail("no audio member: a key ends at the last dot, and members stand together");
  require_sound(*audio[0], record);
  return *audio[0];
}

/// @param record for messages; gets the fields of a `.json`.
ManifestItem read_sample(const TarSample& sample, const std::string& shard, Record& record,
                         const std::string& audio_name) {
  const TarMember& audio = find_audio(sample, record);
  const auto json = sample.members.find("json"), text = sample.members.find("txt");
  for (const auto& side : {json, text})
    if (side != sample.members.end()) require_sound(side->second, record);
  ManifestItem item;
  if (json != sample.members.end()) {
    record.read_json(text_of(json->second));
    item = read_item(record, audio_name);
  }
  if (item.captions.empty() && text != sample.members.end()) {
    if (const auto fault = find_text_fault(text_of(text->second)))
      record.fail("member '" + text->second.name + "': " + *fault);
    item.captions = split_lines(text_of(text->second));
  }
  item.audio = {shard, audio.name, audio.offset};
  if (item.id.empty()) item.id = item.audio.name();
  return item;
}

/// Collects the items of a manifest.
class ManifestReader {
 public:
  ManifestReader(const std::string& path, const ManifestOptions& options)
      : path_(path), options_(options), blacklist_(options.blacklist, path) {}

  void read_file() {
    std::size_t per_audio = 0;
    const std::string& name = options_.audio_name;
    read_records(
        path_, [&](const Record& header) { per_audio = read_header(header, name); },
        [&](const Record& record) { add(read_item(record, name, per_audio), record); });
  }

  void read_shards(const Log& log) {
    for (const std::string& shard : expand_braces(path_)) {
      const std::string prefix = shard == path_ ? "" : shard + ": ";
      visit_shard(shard, log, [&](const TarSample& sample) {
        Record record{path_, prefix + "key '" + sample.key + "'"};
        add(read_sample(sample, shard, record, options_.audio_name), record);
      });
    }
  }

  /// All items. @throws Error{data} if there are none.
  std::vector<ManifestItem> finish() {
    if (options_.blacklisted != nullptr) options_.blacklisted->entries = blacklist_.size();
    if (items_.empty())
      throw Error(Fault::data, path_,
                  left_out_ == 0 ? "no items" : "no items that are not on the blacklist");
    return std::move(items_);
  }

 private:
  void add(ManifestItem item, const Record& record) {
    if (item.audio.path.empty()) record.fail("no audio file named");
    if (item.id.empty()) item.id = item.audio.path;
    if (const std::string* entry = blacklist_.find(item)) {
      ++left_out_;
      if (options_.blacklisted != nullptr) options_.blacklisted->add(*entry);
      return;
    }
    item.captions = clean_captions(item.captions);
    if (item.captions.empty()) record.fail("no caption");
    if (item.audio.member.empty())
      item.audio.path = (std::filesystem::path(options_.audio_root) / item.audio.path).native();
    items_.push_back(std::move(item));
  }

  const std::string& path_;
  const ManifestOptions& options_;
  Blacklist blacklist_;
  std::size_t left_out_ = 0;
  std::vector<ManifestItem> items_;
};

}  // namespace

std::vector<ManifestItem> read_manifest(const std::string& path, const ManifestOptions& options,
                                        const Log& log) {
  ManifestReader reader(path, options);
  if (is_tar_name(path) && !path.ends_with(".json"))
    reader.read_shards(log);
  else
    reader.read_file();
  return reader.finish();
}

}  // namespace claptools
