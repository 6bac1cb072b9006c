#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/metrics/sed/clip_matcher.hpp"

namespace claptools {

/// A sound and the text that it was generated from, as rows.
struct CaptionPair {
  std::size_t audio = 0;
  std::size_t text = 0;

  bool operator==(const CaptionPair&) const = default;
};

/// Joins a table with the column `audio_id` and `caption`, a text as it was embedded, or
/// `caption_index`, its row, or neither: then row i has text i. Sounds may share a text, and have
/// several.
/// @param texts what was embedded. @param subject, texts_subject the files, for messages.
/// @throws Error{data} for what the matcher refuses, a caption that was not embedded, or was twice,
/// and a sound without one.
std::vector<CaptionPair> match_caption_pairs(const Table& table, std::string_view subject,
                                             ClipMatcher& audios,
                                             std::span<const std::string> texts,
                                             std::string_view texts_subject);

/// The cosine of each pair; their mean is the CLAP score.
/// @param audio, text [rows, dim] float32, of any length.
/// @throws Error{data} if the widths differ or a row is zero or not finite.
std::vector<double> pair_cosines(MatrixView audio, MatrixView text,
                                 std::span<const CaptionPair> pairs);

}  // namespace claptools
