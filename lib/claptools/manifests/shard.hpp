#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/archive/tar_reader.hpp"

namespace claptools {

/// Gives the keys of a WebDataset shard in its order, with the bytes of `.json` and `.txt`; audio
/// is not read, as read_tar_member can do that later.
/// @throws as TarReader; Error{data} for a compressed shard, which is not read in random order.
void visit_shard(const std::string& shard, const Log& log,
                 const std::function<void(TarSample sample)>& visit);

/// Whether a shard can be read once only: a pipe, or compressed. @throws as TarFile.
bool is_stream(const std::string& shard);

/// How a shard is read once.
struct ShardStream {
  std::string path;               ///< "-" is standard input
  std::string name = {};          ///< for messages, instead of the path
  std::uint64_t max_member = 0;   ///< bytes; a larger member is broken
  const std::atomic<bool>* stop;  ///< as TarFile has it
};

/// @param wants_audio asked before each key: whether the bytes of audio are read, too.
/// @throws as TarReader.
std::unique_ptr<TarReader> open_stream(const ShardStream& shard, const Log& log,
                                       std::function<bool()> wants_audio);

/// The members with audio, in the order of their extensions.
std::vector<const TarMember*> audio_members(const TarSample& sample);

/// What a member holds.
std::string_view text_of(const TarMember& member);

}  // namespace claptools
