#pragma once

#include <string>
#include <vector>

#include "claptools/metrics/retrieval/moments.hpp"

namespace claptools {

/// A line of a JSON Lines file of moments: of a truth those that are relevant, of predictions those
/// predicted, in the order of the file.
struct MomentLine {
  std::string qid;         ///< of the query; a number is kept as it is written
  std::string query, vid;  ///< its text, and the recording's name; may be empty
  std::vector<Moment> moments;
};

/// The keys of moments: [start, end] in seconds of a truth, [start, end, score] of predictions.
enum class MomentKind { relevant_windows, pred_relevant_windows };

/// One object per line with `qid`, perhaps `query` and `vid`, and the moments; other keys are
/// skipped, as are blank lines. Format of QVHighlights and lighthouse.
/// @param path "-" is standard input.
/// @throws Error{no_input}, {io}; {data} naming file, line and reason: no JSON object, a key that
/// is missing or of another type, a moment that is not as many finite numbers or, of a truth, is
/// not longer than 0, a duplicate qid.
std::vector<MomentLine> read_moments(const std::string& path, MomentKind kind);

/// The same format, predictions on one line per query: what read_moments() reads.
std::string prediction_line(const MomentLine& line);

}  // namespace claptools
