#pragma once

#include <functional>
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

/// The members with audio, in the order of their extensions.
std::vector<const TarMember*> audio_members(const TarSample& sample);

/// What a member holds.
std::string_view text_of(const TarMember& member);

}  // namespace claptools
