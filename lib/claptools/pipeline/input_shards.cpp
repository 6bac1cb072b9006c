#include <algorithm>

#include "claptools/archive/braces.hpp"
#include "claptools/archive/tar_reader.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/manifests/audio_names.hpp"
#include "claptools/pipeline/inputs.hpp"

namespace claptools {
namespace {

constexpr std::string_view kCaption = "caption";

bool is_text(std::string_view extension) { return extension == "txt" || extension == "json"; }

bool is_audio(std::string_view extension) {
  return has_audio_extension("a." + std::string(extension));
}

std::string_view text_of(const TarMember& member) {
  if (!member.broken.empty()) throw Error(Fault::data, member.name, member.broken);
  return {reinterpret_cast<const char*>(member.bytes.data()), member.bytes.size()};
}

/// What stands beside the audio. @throws Error{data}.
InputList::Values values_of(const TarSample& sample) {
  InputList::Values values;
  const auto json = sample.members.find("json"), txt = sample.members.find("txt");
  if (json != sample.members.end())
    values = parse_json_values(text_of(json->second), json->second.name);
  const bool told =
      std::ranges::any_of(values, [](const auto& value) { return value.first == kCaption; });
  if (told || txt == sample.members.end()) return values;
  std::string_view text = text_of(txt->second);
  text.remove_suffix(text.size() - (text.find_last_not_of("\r\n") + 1));
  check_text(text, txt->second.name);
  values.emplace_back(kCaption, text);
  return values;
}

/// The recordings of a key, or what is wrong with it as an input that fails.
void add_sample(const TarSample& sample, const std::string& shard, const Log& log,
                InputList& list) {
  const auto add = [&](const TarMember& member, const InputList::Values& values,
                       const std::string& broken) {
    const AudioSource source{shard, member.name, member.offset};
    list.add({source.name(), source, {}, broken}, values, {shard, log});
  };
  std::string broken;
  InputList::Values values;
  try {
    values = values_of(sample);
  } catch (const Error& error) {
    broken = error.what();
  }
  bool any = false;
  for (const auto& [extension, member] : sample.members) {
    if (!has_audio_extension(member.name)) continue;
    add(member, values, member.broken.empty() ? broken : member.broken);
    any = true;
  }
  if (!any)
    add({sample.key, 0, {}, {}}, {},
        "no audio among its members: a key ends at the last dot, and members stand together");
}

/// A shard that is not sound gives none of its members: their texts may be those of others.
void add_shard(const std::string& shard, const Log& log, InputList& list) {
  try {
    TarReader reader(shard, is_text, {}, log, is_audio);
    if (reader.compressed())
      throw Error(Fault::data, shard, "a compressed shard cannot be read in random order; unpack it");
    std::vector<TarSample> samples;
    while (auto sample = reader.next()) samples.push_back(std::move(*sample));
    if (samples.empty()) throw Error(Fault::data, shard, "no members with a key and an extension");
    for (const TarSample& sample : samples) add_sample(sample, shard, log, list);
  } catch (const Error& error) {
    list.add({shard, {shard}, {}, error.reason()});
  }
}

}  // namespace

void add_shards(const std::string& pattern, const InputOptions& options, InputList& list) {
  for (const std::string& shard : expand_braces(pattern)) add_shard(shard, options.log, list);
}

}  // namespace claptools
