#include "claptools/corpus/update_plan.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace claptools {
namespace {

constexpr std::int64_t kSecond_ns = 1'000'000'000;

class Planner {
 public:
  Planner(std::span<const StoredFile> stored, std::span<const FailedFile> failures,
          std::span<const FoundFile> found, const UpdateRules& rules, const ReadDigest& read_digest)
      : stored_(stored), found_(found), rules_(rules), read_digest_(read_digest) {
    for (const FailedFile& failure : failures) failures_[failure.id] = &failure;
  }

  std::vector<PlannedFile> plan() {
    std::vector<PlannedFile> files;
    files.reserve(found_.size());
    for (std::size_t i = 0; i < found_.size(); ++i) files.push_back(compare(i));
    note_gone();
    const auto is_fresh = [](const PlannedFile& file) {
      return file.action == UpdateAction::add || file.action == UpdateAction::change;
    };
    if (std::ranges::any_of(files, is_fresh)) note_contents();
    for (PlannedFile& file : files)
      if (is_fresh(file)) reuse(file);
    for (const std::size_t gone : gone_)
      if (!taken_.contains(gone)) files.push_back({UpdateAction::remove, {}, gone});
    return files;
  }

 private:
  const FileStamp& stamp(const PlannedFile& file) const { return found_[*file.found].stamp; }

  const std::string& digest(PlannedFile& file) const {
    if (file.sha256.empty()) file.sha256 = read_digest_(*file.found);
    return file.sha256;
  }

  /// With its own rows.
  PlannedFile compare(std::size_t found) const {
    PlannedFile file{UpdateAction::add, found, found_[found].stored};
    if (file.stored) file.action = compare_content(file);
    const bool is_new = file.action == UpdateAction::add || file.action == UpdateAction::change;
    if (is_new && has_failed(found)) file.action = UpdateAction::skip;
    return file;
  }

  UpdateAction compare_content(PlannedFile& file) const {
    const FileRecord& record = stored_[*file.stored].record;
    const FileStamp& now = stamp(file);
    const bool same_time = record.mtime_ns == now.mtime_ns && record.mtime_ns >= 0;
    const bool same = record.size == now.size && same_time;
    if (same && (!rules_.checksum || record.sha256.empty())) return UpdateAction::keep;
    const bool is_known = record.size >= 0;
    if (!is_known && record.sha256.empty())
      return is_older(now) ? UpdateAction::refresh : UpdateAction::change;
    if (record.sha256.empty()) return UpdateAction::change;
    if (is_known && found_[*file.found].is_file && record.size != now.size)
      return UpdateAction::change;
    if (digest(file) != record.sha256) return UpdateAction::change;
    return same ? UpdateAction::keep : UpdateAction::refresh;
  }

  /// Than the rows, of which no more is known: by the second, as that is how their time is known.
  bool is_older(const FileStamp& now) const {
    return now.mtime_ns / kSecond_ns <= rules_.made_at_ns / kSecond_ns;
  }

  bool has_failed(std::size_t found) const {
    const auto at = failures_.find(found_[found].id);
    if (at == failures_.end()) return false;
    const FileStamp& now = found_[found].stamp;
    return at->second->size == now.size && at->second->mtime_ns == now.mtime_ns;
  }

  void note_gone() {
    std::vector<bool> is_found(stored_.size());
    for (const FoundFile& file : found_)
      if (file.stored) is_found[*file.stored] = true;
    for (std::size_t i = 0; i < stored_.size(); ++i)
      if (!is_found[i] && stored_[i].in_scope) gone_.push_back(i);
    gone_set_.insert(gone_.begin(), gone_.end());
  }

  void note_contents() {
    for (std::size_t i = 0; i < stored_.size(); ++i) {
      const FileRecord& record = stored_[i].record;
      if (record.sha256.empty()) continue;
      by_content_[record.sha256].push_back(i);
      sizes_.insert(record.size);
    }
  }

  /// Rows of the same content, if there are any: of a file that is gone, each to one only.
  void reuse(PlannedFile& file) {
    if (by_content_.empty() || !may_be_recorded(file)) return;
    const auto at = by_content_.find(digest(file));
    if (at == by_content_.end()) return;
    for (const std::size_t from : at->second) {
      if (!gone_set_.contains(from) || !taken_.insert(from).second) continue;
      file.action = UpdateAction::move;
      file.stored = from;
      return;
    }
    file.action = UpdateAction::copy;
    file.stored = at->second.front();
  }

  /// The size of a member is that of its shard, which tells nothing of it.
  bool may_be_recorded(const PlannedFile& file) const {
    return !file.sha256.empty() || !found_[*file.found].is_file ||
           sizes_.contains(stamp(file).size);
  }

  std::span<const StoredFile> stored_;
  std::span<const FoundFile> found_;
  const UpdateRules& rules_;
  const ReadDigest& read_digest_;
  std::unordered_map<std::string_view, const FailedFile*> failures_;
  std::unordered_map<std::string_view, std::vector<std::size_t>> by_content_;
  std::unordered_set<std::int64_t> sizes_;  ///< of the files whose contents are recorded
  std::vector<std::size_t> gone_;           ///< those in scope that were not found
  std::unordered_set<std::size_t> gone_set_, taken_;
};

}  // namespace

std::string_view to_string(UpdateAction action) {
  constexpr std::string_view kWords[] = {"keep", "refresh", "change", "add",
                                         "move", "copy",    "skip",   "remove"};
  return kWords[static_cast<std::size_t>(action)];
}

std::vector<PlannedFile> plan_update(std::span<const StoredFile> stored,
                                     std::span<const FailedFile> failures,
                                     std::span<const FoundFile> found, const UpdateRules& rules,
                                     const ReadDigest& read_digest) {
  return Planner(stored, failures, found, rules, read_digest).plan();
}

}  // namespace claptools
