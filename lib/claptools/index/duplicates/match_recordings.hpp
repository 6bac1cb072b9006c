#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "claptools/index/duplicates/near_pairs.hpp"
#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// The recordings that the rows of an index are windows of.
struct Recordings {
  std::vector<std::uint32_t> of_row;     ///< [rows]: numbers in the order of first rows
  std::vector<std::uint32_t> first_row;  ///< [recordings]
  std::vector<double> length_s;          ///< [recordings]: from the first start to the last end
};

/// Rows whose ids name one file, however they spell its path, are of one recording.
/// @param is_audio ids are paths; of texts they are taken as they stand.
Recordings find_recordings(std::span<const Segment> segments, bool is_audio);

/// A span of time, s.
struct Span {
  double start_s = 0, end_s = 0;

  bool operator==(const Span&) const = default;
};

/// Parts of two recordings that are alike: windows of the first match windows of the second that
/// begin the same time later.
struct RecordingMatch {
  std::uint32_t first = 0, second = 0;  ///< recordings, first < second
  float score = 0;                      ///< of the two windows that are most alike, at any offset
  Span first_span, second_span;         ///< from the first matching window to the end of the last
  double offset_s = 0;      ///< a sound at t of the first is at t + offset_s of the second
  std::size_t windows = 0;  ///< pairs of windows that match

  bool operator==(const RecordingMatch&) const = default;
};

/// Joins pairs of windows of the same two recordings that begin the same time apart. Where sound is
/// steady, windows match at many offsets; the one that explains most (by the sum of what the scores
/// exceed the threshold by) is taken first, and pairs of windows that both overlap parts already
/// matched count as explained.
/// @param pairs as find_near_pairs() gives them, with that threshold.
/// @param stop once set, no more recordings are matched; may be null.
/// @return sorted by first, second, then time.
std::vector<RecordingMatch> match_recordings(std::vector<RowPair> pairs,
                                             std::span<const Segment> segments,
                                             const Recordings& recordings, double threshold,
                                             const std::atomic<bool>* stop = nullptr);

}  // namespace claptools
