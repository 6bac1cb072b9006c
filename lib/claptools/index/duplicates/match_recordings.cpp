#include "claptools/index/duplicates/match_recordings.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "claptools/index/find_hits.hpp"

namespace claptools {
namespace {

constexpr double kOffsetUnit_s = 1e-3;  // offsets that differ by less are one
constexpr double kTouching_s = 1e-6;    // spans that share no more do not overlap
// What a pair adds to the weight of its offset whatever its score: many at the threshold count.
constexpr double kPairWeight = 1e-4;

/// A pair of windows of one pair of recordings.
struct WindowPair {
  Span first, second;
  float score;

  std::int64_t offset() const {
    return std::llround((second.start_s - first.start_s) / kOffsetUnit_s);
  }
};

bool overlap(const Span& a, const Span& b) {
  return std::min(a.end_s, b.end_s) - std::max(a.start_s, b.start_s) > kTouching_s;
}

void widen(Span& span, const Span& by) {
  span.start_s = std::min(span.start_s, by.start_s);
  span.end_s = std::max(span.end_s, by.end_s);
}

/// Window pairs of one offset, and how much they explain.
struct Offset {
  std::int64_t value = 0;
  double weight = 0;
  std::vector<WindowPair> pairs;
};

/// The most weighty first.
std::vector<Offset> by_offset(std::vector<WindowPair> pairs, double threshold) {
  std::ranges::sort(pairs, {}, [](const WindowPair& p) {
    return std::tuple(p.offset(), p.first.start_s, p.first.end_s, p.second.end_s);
  });
  std::vector<Offset> offsets;
  for (const WindowPair& pair : pairs) {
    if (offsets.empty() || offsets.back().value != pair.offset())
      offsets.push_back({pair.offset(), 0, {}});
    offsets.back().weight += double{pair.score} - threshold + kPairWeight;
    offsets.back().pairs.push_back(pair);
  }
  std::ranges::sort(offsets, {}, [](const Offset& o) {
    return std::tuple(-o.weight, std::abs(o.value), o.value);
  });
  return offsets;
}

/// Matches of one pair of recordings, appended.
void match(std::uint32_t first, std::uint32_t second, const std::vector<Offset>& offsets,
           std::vector<RecordingMatch>& matches) {
  const std::size_t begin = matches.size();
  for (const Offset& offset : offsets) {
    const std::span known(matches.begin() + static_cast<std::ptrdiff_t>(begin), matches.end());
    RecordingMatch found{first, second, -std::numeric_limits<float>::infinity(), {}, {}, 0, 0};
    for (const WindowPair& pair : offset.pairs) {
      const auto explains = std::ranges::find_if(known, [&](const RecordingMatch& m) {
        return overlap(m.first_span, pair.first) && overlap(m.second_span, pair.second);
      });
      if (explains != known.end()) {
        explains->score = std::max(explains->score, pair.score);
        continue;
      }
      if (found.windows++ == 0) {
        found.first_span = pair.first;
        found.second_span = pair.second;
        found.offset_s = static_cast<double>(offset.value) * kOffsetUnit_s;
      }
      widen(found.first_span, pair.first);
      widen(found.second_span, pair.second);
      found.score = std::max(found.score, pair.score);
    }
    if (found.windows > 0) matches.push_back(found);
  }
  std::ranges::sort(matches.begin() + static_cast<std::ptrdiff_t>(begin), matches.end(), {},
                    [](const RecordingMatch& m) {
                      return std::tuple(m.first_span.start_s, m.second_span.start_s, m.offset_s);
                    });
}

}  // namespace

Recordings find_recordings(std::span<const Segment> segments, bool is_audio) {
  Recordings recordings;
  std::unordered_map<std::string, std::uint32_t> numbers;
  std::vector<double> starts;
  for (std::size_t row = 0; row < segments.size(); ++row) {
    const Segment& segment = segments[row];
    std::uint32_t number = row > 0 && segments[row - 1].id == segment.id
                               ? recordings.of_row.back()
                               : std::numeric_limits<std::uint32_t>::max();
    if (number == std::numeric_limits<std::uint32_t>::max()) {
      const auto next = static_cast<std::uint32_t>(numbers.size());
      number = numbers.try_emplace(is_audio ? absolute_path(segment.id) : segment.id, next)
                   .first->second;
      if (number == next) {
        recordings.first_row.push_back(static_cast<std::uint32_t>(row));
        recordings.length_s.push_back(segment.end_s);
        starts.push_back(segment.start_s);
      }
    }
    recordings.of_row.push_back(number);
    starts[number] = std::min(starts[number], segment.start_s);
    recordings.length_s[number] = std::max(recordings.length_s[number], segment.end_s);
  }
  for (std::size_t i = 0; i < starts.size(); ++i) recordings.length_s[i] -= starts[i];
  return recordings;
}

std::vector<RecordingMatch> match_recordings(std::vector<RowPair> pairs,
                                             std::span<const Segment> segments,
                                             const Recordings& recordings, double threshold,
                                             const std::atomic<bool>* stop) {
  // A recording's number says nothing of where its rows are.
  const auto both = [&](const RowPair& pair) {
    return std::minmax({recordings.of_row[pair.first], recordings.of_row[pair.second]});
  };
  const auto place = [&](const RowPair& p) { return std::tuple(both(p), p.first, p.second); };
  if (!std::ranges::is_sorted(pairs, {}, place)) std::ranges::sort(pairs, {}, place);
  const auto span_of = [&](std::uint32_t row) {
    return Span{segments[row].start_s, segments[row].end_s};
  };
  std::vector<RecordingMatch> matches;
  for (auto begin = pairs.begin(); begin != pairs.end() && !(stop && stop->load());) {
    const auto [first, second] = both(*begin);
    std::vector<WindowPair> windows;
    auto pair = begin;
    for (; pair != pairs.end() && both(*pair) == std::pair(first, second); ++pair) {
      const bool in_order = recordings.of_row[pair->first] == first;
      windows.push_back({span_of(in_order ? pair->first : pair->second),
                         span_of(in_order ? pair->second : pair->first), pair->score});
    }
    match(first, second, by_offset(std::move(windows), threshold), matches);
    begin = pair;
  }
  return matches;
}

}  // namespace claptools
