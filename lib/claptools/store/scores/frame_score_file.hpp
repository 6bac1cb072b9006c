#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "claptools/core/double_matrix.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/store/scores/score_file.hpp"

namespace claptools {

struct FrameScoreSource;

/// Reads frame scores a clip at a time: memory does not grow with the number of clips.
///
/// Three layouts of the dataset `scores`:
/// - [all frames, classes] with `offsets` and attribute `hop_s`, as clap-classify writes it;
/// - [clip, frame, class] and [clip, frame] (one class without a name: grounding), as reference
///   tools write them, with `clip_seconds` (frames of equal length) or `frame_times` (frames + 1
///   boundaries, s). Optional `n_frames` [clip]: what follows them is padding and never looked at.
///
/// Names are in `id` or `clip_ids` and `classes`. All errors name the file.
///
/// Or a folder as the Python package sed_scores_eval writes it (ScoreFolderWriter): NAME.tsv with
/// the columns onset, offset and one for each class, the same in all; the clips are the names. Its
/// scores are exact.
class FrameScoreReader {
 public:
  /// @param path "-" is standard input; a folder is recognised by names_score_folder().
  /// @throws Error{no_input}, {data}: not HDF5, cut off, a part missing or not fitting, no clip,
  ///         duplicate names, frame boundaries that do not increase.
  explicit FrameScoreReader(const std::string& path);
  FrameScoreReader(const FrameScoreReader&) = delete;
  FrameScoreReader& operator=(const FrameScoreReader&) = delete;
  ~FrameScoreReader();

  /// How the scores were made; empty where the file does not say.
  const Provenance& origin() const;

  const std::vector<std::string>& ids() const;      ///< [clips], distinct, at least one
  const std::vector<std::string>& classes() const;  ///< distinct; empty: one column without a name

  /// Inputs that have no scores; empty where the file does not say.
  const std::vector<std::string>& failed() const;

  std::size_t frames(std::size_t clip) const;

  /// Times at which the clip's frames begin, and the end of the last one: frames + 1 values, s.
  std::vector<double> boundaries(std::size_t clip) const;

  /// [frames, columns]. Quick in ascending order: neighbouring clips are read together.
  /// @throws Error{data} naming clip, class and frame of a score that is not finite.
  Matrix scores(std::size_t clip);

  /// Whether the file holds float64 or integers, which scores() rounds and exact_scores() does not.
  bool is_exact() const;
  DoubleMatrix exact_scores(std::size_t clip);

 private:
  std::unique_ptr<FrameScoreSource> source_;
};

}  // namespace claptools
