#include "claptools/index/rows/edit_index.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace claptools {
namespace {

using Words = std::unordered_set<std::string_view>;

Words ids_of(const std::vector<Segment>& segments) {
  Words ids;
  for (const Segment& segment : segments) ids.insert(segment.id);
  return ids;
}

template <class Value>
void select(std::vector<Value>& values, std::span<const std::size_t> rows) {
  std::vector<Value> selected;
  selected.reserve(rows.size());
  for (const std::size_t row : rows) selected.push_back(values[row]);
  values = std::move(selected);
}

bool is_pattern(const std::string& word) { return word.find_first_of("*?[") != std::string::npos; }

/// The ids that the words stand for; the words that stand for none.
Words match(const Words& ids, std::span<const std::string> words, std::vector<std::string>& none) {
  Words matched;
  for (const std::string& word : words) {
    const std::size_t before = matched.size();
    if (const auto at = ids.find(word); at != ids.end()) {
      matched.insert(*at);
      continue;
    }
    bool any = false;
    for (const std::string_view id : is_pattern(word) ? ids : Words()) {
      if (::fnmatch(word.c_str(), std::string(id).c_str(), 0) != 0) continue;
      matched.insert(id);
      any = true;
    }
    if (!any && matched.size() == before) none.push_back(word);
  }
  return matched;
}

template <class Keep>
std::vector<std::size_t> rows_where(const std::vector<Segment>& segments, const Keep& keep) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < segments.size(); ++i)
    if (keep(segments[i])) rows.push_back(i);
  return rows;
}

std::size_t drop_duplicates(IndexDirectory& directory) {
  if (directory.rows.header.kind != "audio") return 0;
  std::set<std::tuple<std::string_view, double, double>> seen;
  const std::size_t before = directory.rows.segments.size();
  const std::vector<std::size_t> rows =
      rows_where(directory.rows.segments, [&](const Segment& segment) {
        return seen.emplace(segment.id, segment.start_s, segment.end_s).second;
      });
  select_rows(directory, rows);
  return before - rows.size();
}

std::size_t drop_columns(IndexRows& rows) {
  const std::size_t before = rows.meta.size();
  for (std::size_t c = before; c-- > 0;) {
    if (!std::ranges::all_of(rows.meta[c], &std::string::empty)) continue;
    rows.meta.erase(rows.meta.begin() + static_cast<std::ptrdiff_t>(c));
    rows.header.meta_columns.erase(rows.header.meta_columns.begin() +
                                   static_cast<std::ptrdiff_t>(c));
  }
  return before - rows.meta.size();
}

/// Of files without rows; of several of a file the last one stays.
std::size_t drop_records(IndexRows& rows) {
  const std::size_t before = rows.files.size();
  const Words ids = ids_of(rows.segments);
  std::unordered_map<std::string_view, std::size_t> last;
  for (std::size_t i = 0; i < rows.files.size(); ++i) last[rows.files[i].id] = i;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < rows.files.size(); ++i)
    if (ids.contains(rows.files[i].id) && last[rows.files[i].id] == i) kept.push_back(i);
  select(rows.files, kept);
  return before - kept.size();
}

}  // namespace

bool are_all_rows(std::span<const std::size_t> rows, std::size_t size) {
  std::size_t next = 0;
  return rows.size() == size &&
         std::ranges::all_of(rows, [&](std::size_t row) { return row == next++; });
}

void select_rows(IndexDirectory& directory, std::span<const std::size_t> selected) {
  IndexRows& rows = directory.rows;
  if (are_all_rows(selected, rows.segments.size())) return;
  directory.index->select(selected);
  select(rows.segments, selected);
  for (auto& column : rows.meta) select(column, selected);
  const Words ids = ids_of(rows.segments);
  std::erase_if(rows.files, [&](const FileRecord& file) { return !ids.contains(file.id); });
}

Removal remove_rows(IndexDirectory& directory, std::span<const std::string> words) {
  Removal removal;
  const std::vector<Segment>& segments = directory.rows.segments;
  const Words gone = match(ids_of(segments), words, removal.unknown);
  if (gone.empty()) return removal;
  removal.files = gone.size();
  const std::vector<std::size_t> kept =
      rows_where(segments, [&](const Segment& segment) { return !gone.contains(segment.id); });
  removal.rows = segments.size() - kept.size();
  std::erase_if(directory.rows.failures,
                [&](const FailedFile& file) { return gone.contains(file.id); });
  select_rows(directory, kept);
  return removal;
}

Compaction compact_index(IndexDirectory& directory) {
  Compaction dropped;
  dropped.duplicates = drop_duplicates(directory);
  dropped.columns = drop_columns(directory.rows);
  dropped.records = drop_records(directory.rows);
  return dropped;
}

}  // namespace claptools
