#include "claptools/index/rows/index_health.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "claptools/core/files/member_path.hpp"

namespace claptools {
namespace {

struct FileOfRows {
  std::size_t rows = 0;
  const FileRecord* record = nullptr;
};

using Files = std::unordered_map<std::string_view, FileOfRows>;

Files files_of(const IndexRows& rows) {
  Files files;
  for (const Segment& segment : rows.segments) ++files[segment.id].rows;
  for (const FileRecord& record : rows.files)
    if (const auto at = files.find(record.id); at != files.end()) at->second.record = &record;
  return files;
}

void note(const FileStamp& now, const FileOfRows& file, IndexHealth& health) {
  const FileRecord* const record = file.record;
  const bool has_size = record != nullptr && record->size >= 0;
  const bool has_time = record != nullptr && record->mtime_ns >= 0;
  if (now.size < 0) {
    ++health.files_gone;
    health.rows_gone += file.rows;
  } else if ((has_size && record->size != now.size) ||
             (has_time && record->mtime_ns != now.mtime_ns)) {
    ++health.files_stale;
    health.rows_stale += file.rows;
  } else if (!has_size || !has_time) {
    ++health.files_unknown;
  }
}

std::size_t count_duplicates(const std::vector<Segment>& segments) {
  std::vector<std::tuple<std::string_view, double, double>> keys;
  for (const Segment& segment : segments)
    keys.emplace_back(segment.id, segment.start_s, segment.end_s);
  std::ranges::sort(keys);
  return keys.size() - static_cast<std::size_t>(std::ranges::unique(keys).begin() - keys.begin());
}

}  // namespace

FileStamp stamp_of_id(const std::string& id) {
  const FileStamp stamp = stamp_of(id);
  if (stamp.size >= 0) return stamp;
  const auto member = split_member(id);
  return member ? stamp_of(member->first) : stamp;
}

IndexHealth check_health(const IndexRows& rows) {
  IndexHealth health;
  health.rows = rows.segments.size();
  if (rows.header.kind != "audio") return health;
  const Files files = files_of(rows);
  health.files = files.size();
  for (const auto& [id, file] : files) note(stamp_of_id(std::string(id)), file, health);
  health.files_failed = rows.failures.size();
  health.rows_duplicate = count_duplicates(rows.segments);
  return health;
}

}  // namespace claptools
