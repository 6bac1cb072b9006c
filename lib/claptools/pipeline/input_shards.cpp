#include <algorithm>

#include "claptools/archive/braces.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/manifests/shard.hpp"
#include "claptools/pipeline/inputs.hpp"
#include "claptools/pipeline/streams/streamed_shard.hpp"

namespace claptools {
namespace {

constexpr const char* kCaption = "caption";

std::string_view sound_text(const TarMember& member) {
  if (!member.broken.empty()) throw Error(Fault::data, member.name, member.broken);
  return text_of(member);
}

/// What stands beside the audio. @throws Error{data}.
std::vector<Field> fields_of(const TarSample& sample) {
  const auto json = sample.members.find("json"), txt = sample.members.find("txt");
  Record record;
  if (json != sample.members.end()) {
    record.path = json->second.name;
    record.read_json(sound_text(json->second), kCarriedJson);
  }
  const bool told = std::ranges::count(record.fields, kCaption, &Field::name) > 0;
  if (told || txt == sample.members.end()) return record.fields;
  std::string_view text = sound_text(txt->second);
  text.remove_suffix(text.size() - (text.find_last_not_of("\r\n") + 1));
  check_text(text, txt->second.name);
  record.fields.push_back({kCaption, std::string(text)});
  return record.fields;
}

/// The recordings of a key, or what is wrong with it as an input that fails.
/// @param place of a member's bytes.
void add_sample(const TarSample& sample, const std::string& shard,
                const std::function<AudioSource(const TarMember&)>& place, const Log& log,
                InputList& list) {
  const auto add = [&](const TarMember& member, const std::vector<Field>& fields,
                       const std::string& broken) {
    const AudioSource source = place(member);
    list.add({source.name(), source, {}, broken}, fields, {shard, log});
  };
  std::string broken;
  std::vector<Field> fields;
  try {
    fields = fields_of(sample);
  } catch (const Error& error) {
    broken = error.what();
  }
  const auto audio = audio_members(sample);
  for (const TarMember* member : audio)
    add(*member, fields, member->broken.empty() ? broken : member->broken);
  if (audio.empty())
    add({sample.key, 0, {}, {}}, {},
        "no audio among its members: a key ends at the last dot, and members stand together");
}

/// A shard that is not sound gives none of its members: their texts may be those of others.
void add_shard(const std::string& shard, const Log& log, InputList& list) {
  try {
    if (is_stream(shard)) return list.add({shard, {shard}, {}, {}, true});
    std::vector<TarSample> samples;
    visit_shard(shard, log, [&](TarSample sample) { samples.push_back(std::move(sample)); });
    if (samples.empty()) throw Error(Fault::data, shard, kNoMembers);
    const auto place = [&](const TarMember& member) {
      return AudioSource{shard, member.name, member.offset};
    };
    for (const TarSample& sample : samples) add_sample(sample, shard, place, log, list);
  } catch (const Error& error) {
    list.add({shard, {shard}, {}, error.reason()});
  }
}

}  // namespace

std::string shard_of(const std::string& command) {
  constexpr std::string_view kBetweenWords = " \t\n'\"`;|&<>()";
  std::string shard = command;
  for (std::size_t begin = 0; begin < command.size();) {
    const std::size_t end = std::min(command.find_first_of(kBetweenWords, begin), command.size());
    const std::string word = command.substr(begin, end - begin);
    if (is_tar_name(word)) shard = word;
    begin = end + 1;
  }
  return shard;
}

void add_stream(const std::string& path, const std::string& id, const InputOptions& options,
                InputList& list) {
  if (path.starts_with(kPipe) && !options.allow_pipe)
    throw Error(Fault::usage, path, "is a command, which only `allow_pipe` runs");
  list.add({id, {path}, {}, {}, true});
}

void add_shards(const std::string& pattern, const InputOptions& options, InputList& list) {
  for (const std::string& shard : expand_braces(pattern)) add_shard(shard, options.log, list);
}

StreamedShard::StreamedShard(const AudioInput& shard, const StreamOptions& options)
    : shard_(shard), options_(options) {}

/// The next key; the stream is opened for the first.
std::optional<TarSample> StreamedShard::read() {
  if (!reader_) {
    ShardStream stream{shard_.audio.path, {}, options_.max_member, options_.stop};
    if (stream.path.starts_with(kPipe)) {
      command_.emplace(stream.path.substr(kPipe.size()));
      stream.path = command_->path();
      stream.name = shard_.id;
    }
    reader_ = open_stream(stream, options_.log, [this] { return with_audio_; });
  }
  return reader_->next();
}

void StreamedShard::end_command() {
  if (!command_) return;
  reader_.reset();
  const std::string failure = command_->finish(*options_.stop);
  command_.reset();
  if (!failure.empty()) throw Error(Fault::data, shard_.id, "its command " + failure);
}

bool StreamedShard::next(InputList& list, bool with_audio) {
  with_audio_ = with_audio;
  std::optional<TarSample> sample;
  try {
    sample = read();
  } catch (const Error&) {
    end_command();
    throw;
  }
  if (!sample) {
    end_command();
    return false;
  }
  const auto place = [&](const TarMember& member) {
    auto held = std::make_shared<StreamedMember>();
    *held = {member.stamp, member.bytes};
    return AudioSource{shard_.id, member.name, member.offset, std::move(held)};
  };
  add_sample(*sample, shard_.id, place, options_.log, list);
  return true;
}

}  // namespace claptools
