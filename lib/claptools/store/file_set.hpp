#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "claptools/store/embedding_file.hpp"
#include "claptools/store/kept_inputs.hpp"

namespace claptools {

/// An embedding file, or an index, whose rows are to be taken together with those of others.
struct SetMember {
  std::string name;
  EmbeddingHeader header;
};

bool is_shard(const SetMember& member);

/// Checks what must be equal in all files that are joined. @throws Error{data} naming the one that
/// differs.
void require_alike(const SetMember& member, const SetMember& first);

/// Whether the shards among the members are those of one run: alike, each number once, none
/// missing. @throws Error{data} naming the shard, or the member.
void require_whole_set(std::span<const SetMember> members);

using SeeMember = std::function<void(const SetMember&, std::span<const Segment>)>;
/// Shows every member with its rows; called twice where necessary.
using VisitMembers = std::function<void(const SeeMember&)>;

/// The members, once it is sure that their rows can be taken together: there is no duplicate file,
/// the shards are a whole set, no recording has a row (the same id, start and end) in two members.
/// In one member, or in the shards of one run, rows may be repeated, as a list may name a recording
/// more than once; texts may be anywhere. A shard that is the only member is taken as it is.
/// @throws Error{data} naming the member.
std::vector<SetMember> require_joinable(const VisitMembers& visit);

/// The same of embedding files.
std::vector<SetMember> require_joinable(std::span<const std::string> files,
                                        KeptInputs<EmbeddingReader>& inputs);

/// Embedding files that are opened as they are needed.
KeptInputs<EmbeddingReader> embedding_inputs();

}  // namespace claptools
