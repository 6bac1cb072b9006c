#include <utility>

#include "claptools/archive/braces.hpp"
#include "claptools/archive/tar_reader.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/dataset/manifest_builder.hpp"
#include "claptools/manifests/audio_names.hpp"

namespace claptools {
namespace {

bool is_text(std::string_view extension) { return extension == "txt" || extension == "json"; }

bool is_audio(std::string_view extension) {
  return has_audio_extension("a." + std::string(extension));
}

void require_sound(const TarMember& member, const ManifestBuilder& builder,
                   const std::string& where) {
  if (!member.broken.empty()) builder.fail(where, "member '" + member.name + "' " + member.broken);
}

std::string_view text_of(const TarMember& member) {
  return {reinterpret_cast<const char*>(member.bytes.data()), member.bytes.size()};
}

/// Its one member with audio.
const TarMember& find_audio(const TarSample& sample, const ManifestBuilder& builder,
                            const std::string& where) {
  const TarMember* audio = nullptr;
  for (const auto& [extension, member] : sample.members) {
    if (!has_audio_extension(member.name)) continue;
    if (audio != nullptr) builder.fail(where, "more than one audio member");
    audio = &member;
  }
  if (audio == nullptr)
    builder.fail(where, "no audio member: a key ends at the last dot, and members stand together");
  require_sound(*audio, builder, where);
  return *audio;
}

ManifestItem read_item(const TarSample& sample, const std::string& shard,
                       const ManifestBuilder& builder, const std::string& where) {
  const TarMember& audio = find_audio(sample, builder, where);
  const auto json = sample.members.find("json"), text = sample.members.find("txt");
  for (const auto& side : {json, text})
    if (side != sample.members.end()) require_sound(side->second, builder, where);
  ManifestItem item;
  if (json != sample.members.end()) item = parse_json_item(text_of(json->second), builder, where);
  if (item.captions.empty() && text != sample.members.end()) {
    if (const auto fault = find_text_fault(text_of(text->second)))
      builder.fail(where, "member '" + text->second.name + "': " + *fault);
    item.captions = split_lines(text_of(text->second));
  }
  item.audio = {shard, audio.name, audio.offset};
  if (item.id.empty()) item.id = item.audio.name();
  return item;
}

}  // namespace

void read_tar_manifest(ManifestBuilder& builder, const Log& log) {
  for (const std::string& shard : expand_braces(builder.path())) {
    TarReader reader(shard, is_text, {}, log, is_audio);
    if (reader.compressed())
      throw Error(Fault::data, shard,
                  "a compressed shard cannot be read in random order; unpack it");
    while (const auto sample = reader.next()) {
      const std::string where =
          (shard == builder.path() ? "" : shard + ": ") + "key '" + sample->key + "'";
      builder.add(read_item(*sample, shard, builder, where), where);
    }
  }
}

}  // namespace claptools
