#include "claptools/manifests/shard.hpp"

#include <sys/stat.h>

#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/manifests/audio_names.hpp"

namespace claptools {
namespace {

bool is_text(std::string_view extension) { return extension == "txt" || extension == "json"; }

bool is_audio(std::string_view extension) {
  return has_audio_extension("a." + std::string(extension));
}

}  // namespace

void visit_shard(const std::string& shard, const Log& log,
                 const std::function<void(TarSample sample)>& visit) {
  TarReader reader(shard, is_text, {}, log, is_audio);
  if (reader.compressed())
    throw Error(Fault::data, shard, "a compressed shard cannot be read in random order; unpack it");
  while (auto sample = reader.next()) visit(std::move(*sample));
}

bool is_stream(const std::string& shard) {
  struct stat status {};
  if (::stat(shard.c_str(), &status) == 0 && S_ISFIFO(status.st_mode)) return true;
  TarFile file(shard);
  file.next();
  return file.compressed();
}

std::unique_ptr<TarReader> open_stream(const ShardStream& shard, const Log& log,
                                       std::function<bool()> wants_audio) {
  const auto wanted = [wants_audio = std::move(wants_audio)](std::string_view extension) {
    return is_text(extension) || (is_audio(extension) && wants_audio());
  };
  auto file = std::make_unique<TarFile>(shard.path, *shard.stop, shard.name);
  return std::make_unique<TarReader>(std::move(file), wanted, TarLimits{shard.max_member, true},
                                     log, is_audio);
}

std::vector<const TarMember*> audio_members(const TarSample& sample) {
  std::vector<const TarMember*> found;
  for (const auto& [extension, member] : sample.members)
    if (has_audio_extension(member.name)) found.push_back(&member);
  return found;
}

std::string_view text_of(const TarMember& member) {
  return {reinterpret_cast<const char*>(member.bytes.data()), member.bytes.size()};
}

}  // namespace claptools
