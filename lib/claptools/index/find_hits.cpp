#include "claptools/index/find_hits.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string_view>
#include <unordered_map>

namespace claptools {
namespace {

constexpr std::size_t kRowsPerFile = 8;  // first guess; more are asked for where it was too few
constexpr double kAdjoining_s = 1e-6;    // between the end of a segment and the start of the next

bool joins_segments(const HitOptions& options) {
  return options.by_file && std::isfinite(options.min_score);
}

/// Ids of files may be spelled as seen from another folder.
bool are_same_recording(std::string_view a, std::string_view b) {
  const auto base = [](std::string_view id) { return id.substr(id.rfind('/') + 1); };
  return a == b || (base(a) == base(b) && absolute_path(a) == absolute_path(b));
}

/// The neighbours of one query that reach the least score.
std::vector<Hit> hits_of(const Neighbours& found, std::size_t query,
                         std::span<const Segment> segments, double min_score) {
  std::vector<Hit> hits;
  for (std::size_t i = query * found.k; i < (query + 1) * found.k; ++i) {
    if (found.ids[i] < 0 || !(found.scores[i] >= min_score)) break;
    const auto row = static_cast<std::size_t>(found.ids[i]);
    hits.push_back({row, found.scores[i], segments[row].start_s, segments[row].end_s});
  }
  return hits;
}

/// Widens `best`, which is among `hits`, by those that it reaches in a chain.
void join(Hit& best, std::vector<Hit> hits) {
  std::sort(hits.begin(), hits.end(),
            [](const Hit& a, const Hit& b) { return a.start_s < b.start_s; });
  double start_s = hits[0].start_s, end_s = hits[0].end_s;
  for (const Hit& hit : hits) {
    if (hit.start_s > end_s + kAdjoining_s) {
      if (end_s >= best.end_s && start_s <= best.start_s) break;
      start_s = hit.start_s;
      end_s = hit.end_s;
    }
    end_s = std::max(end_s, hit.end_s);
  }
  best.start_s = start_s;
  best.end_s = end_s;
}

struct Selection {
  std::vector<Hit> hits;
  bool is_final;  ///< more neighbours would not change it
};

/// @param own id whose rows are left out; empty: none is.
Selection select(const Neighbours& found, std::size_t query, std::span<const Segment> segments,
                 const HitOptions& options, std::size_t most, std::string_view own) {
  auto hits = hits_of(found, query, segments, options.min_score);
  const bool is_cut = hits.size() == found.k && found.k < most;
  if (!own.empty())
    std::erase_if(hits, [&](const Hit& h) { return are_same_recording(segments[h.row].id, own); });
  Selection selection{select_hits(hits, segments, options), true};
  const bool is_full = selection.hits.size() == options.k && !joins_segments(options);
  selection.is_final = !is_cut || is_full;
  return selection;
}

}  // namespace

std::string absolute_path(std::string_view id) {
  if (id.empty()) return {};  // of which std::filesystem makes an exception of its own
  return std::filesystem::absolute(id).lexically_normal().native();
}

std::vector<Hit> select_hits(std::span<const Hit> hits, std::span<const Segment> segments,
                             const HitOptions& options) {
  if (!options.by_file) {
    hits = hits.first(std::min(hits.size(), options.k));
    return {hits.begin(), hits.end()};
  }
  std::unordered_map<std::string_view, std::vector<Hit>> files;
  for (const Hit& hit : hits) files[segments[hit.row].id].push_back(hit);
  std::vector<Hit> selected;
  for (const Hit& hit : hits) {
    if (selected.size() == options.k) break;
    auto& of_file = files[segments[hit.row].id];
    if (of_file.empty()) continue;  // the file has been seen
    selected.push_back(hit);
    if (joins_segments(options)) join(selected.back(), of_file);
    of_file.clear();
  }
  return selected;
}

std::vector<std::vector<Hit>> find_hits(const SearchIndex& index, std::span<const Segment> segments,
                                        RowRange rows, MatrixView queries,
                                        const HitOptions& options,
                                        std::span<const std::string> own) {
  // No product with k, which may be as large as a user likes.
  std::size_t width = std::min(options.k, rows.count);
  if (options.by_file) width = std::min(width * kRowsPerFile, rows.count);
  const Neighbours found = index.search(queries, width, rows);
  std::vector<std::vector<Hit>> hits;
  for (std::size_t q = 0; q < queries.rows; ++q) {
    const std::string_view own_id = own.empty() ? std::string_view() : own[q];
    Selection selection = select(found, q, segments, options, rows.count, own_id);
    for (std::size_t wider = width; !selection.is_final;) {
      wider = std::min(wider * kRowsPerFile, rows.count);
      const Neighbours more = index.search(queries.slice(q, 1), wider, rows);
      selection = select(more, 0, segments, options, rows.count, own_id);
    }
    hits.push_back(std::move(selection.hits));
  }
  return hits;
}

}  // namespace claptools
