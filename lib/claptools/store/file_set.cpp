#include "claptools/store/file_set.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "claptools/core/checksum.hpp"
#include "claptools/core/error.hpp"

namespace claptools {
namespace {

auto shape_of(const EmbeddingHeader& h) {
  return std::tie(h.kind, h.dim, h.model_sha256, h.options, h.sample_rate, h.window_s, h.hop_s,
                  h.short_audio, h.precision, h.half, h.frame_hop_s);
}

std::string name_of(int index, int count) {
  return "shard " + std::to_string(index) + "/" + std::to_string(count);
}

/// Files and folders by what they are, not by their names.
class DistinctFiles {
 public:
  void add(const std::string& name) {
    struct stat status {};
    if (!can_reopen(name) || ::stat(name.c_str(), &status) != 0) return;
    if (!seen_.emplace(status.st_dev, status.st_ino).second)
      throw Error(Fault::data, name, "is given twice");
  }

 private:
  std::set<std::pair<dev_t, ino_t>> seen_;
};

/// Eight bytes a row; of the few rows with duplicate hashes the whole, in a second round.
class RepeatedRows {
 public:
  void note(std::span<const Segment> rows) {
    for (const Segment& row : rows) hashes_.push_back(hash(row));
  }

  bool suspects_any() {
    std::ranges::sort(hashes_);
    for (auto at = hashes_.begin(); (at = std::adjacent_find(at, hashes_.end())) != hashes_.end();
         ++at)
      suspects_.insert(*at);
    hashes_ = {};
    return !suspects_.empty();
  }

  /// @param list which list of inputs the rows are of: the shards of one run share theirs.
  void compare(const std::string& name, std::size_t list, std::span<const Segment> rows) {
    for (const Segment& row : rows) {
      if (!suspects_.contains(hash(row))) continue;
      const auto [at, is_new] = holders_.try_emplace({row.id, row.start_s, row.end_s}, list, name);
      if (is_new || at->second.first == list) continue;
      throw Error(Fault::data, name,
                  "row '" + row.id + "' is in " + at->second.second + ", too; give each once");
    }
  }

 private:
  static std::uint64_t hash(const Segment& row) {
    std::string bytes = row.id;
    for (const double time : {row.start_s, row.end_s})
      bytes.append(reinterpret_cast<const char*>(&time), sizeof time);
    return xxh64(std::as_bytes(std::span(bytes)));
  }

  std::vector<std::uint64_t> hashes_;
  std::unordered_set<std::uint64_t> suspects_;
  std::map<std::tuple<std::string, double, double>, std::pair<std::size_t, std::string>> holders_;
};

}  // namespace

bool can_reopen(const std::string& path) {
  struct stat status {};
  return path != "-" &&
         (::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

bool is_shard(const SetMember& member) { return member.header.shard_count > 0; }

void require_alike(const SetMember& member, const SetMember& first) {
  if (shape_of(member.header) == shape_of(first.header)) return;
  const bool same_model = member.header.model_sha256 == first.header.model_sha256;
  throw Error(Fault::data, member.name,
              std::string("was made with ") + (same_model ? "other options" : "another model") +
                  " than " + first.name);
}

void require_whole_set(std::span<const SetMember> members) {
  std::vector<const SetMember*> shards;
  for (const SetMember& member : members) {
    if (is_shard(member)) shards.push_back(&member);
  }
  if (shards.empty()) return;
  std::ranges::stable_sort(shards, {}, [](const auto* s) { return s->header.shard_index; });
  const int count = shards[0]->header.shard_count;
  int next = 0;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const int index = shards[i]->header.shard_index;
    if (shards[i]->header.shard_count != count)
      throw Error(Fault::data, shards[i]->name,
                  "was made with another number of shards than " + shards[0]->name);
    require_alike(*shards[i], *shards[0]);
    if (shards[i]->header.shard_deal != shards[0]->header.shard_deal)
      throw Error(Fault::data, shards[i]->name,
                  "is of other tar files, or of other sizes of them, than " + shards[0]->name);
    if (index < next)
      throw Error(Fault::data, shards[i]->name,
                  "is " + name_of(index, count) + " as " + shards[i - 1]->name + " is");
    if (index > next) break;
    ++next;
  }
  if (next < count) throw Error(Fault::data, name_of(next, count), "is missing");
}

std::vector<SetMember> require_joinable(const VisitMembers& visit) {
  std::vector<SetMember> members;
  DistinctFiles files;
  RepeatedRows repeated;
  const auto is_audio = [](const SetMember& member) { return member.header.kind == "audio"; };
  visit([&](const SetMember& member, std::span<const Segment> rows) {
    files.add(member.name);
    members.push_back(member);
    if (is_audio(member)) repeated.note(rows);
  });
  if (members.size() < 2) return members;
  require_whole_set(members);
  if (!repeated.suspects_any()) return members;
  std::size_t lists = 0;
  visit([&](const SetMember& member, std::span<const Segment> rows) {
    const std::size_t list = is_shard(member) ? 0 : ++lists;
    if (is_audio(member)) repeated.compare(member.name, list, rows);
  });
  return members;
}

std::vector<SetMember> require_joinable(std::span<const std::string> files,
                                        KeptInputs<EmbeddingReader>& inputs) {
  return require_joinable([&](const SeeMember& see) {
    for (const std::string& file : files) {
      const auto reader = inputs.open(file);
      see({file, reader->header()}, reader->segments());
    }
  });
}

KeptInputs<EmbeddingReader> embedding_inputs() {
  return KeptInputs<EmbeddingReader>(
      [](const std::string& path) { return std::make_shared<const EmbeddingReader>(path); });
}

}  // namespace claptools
