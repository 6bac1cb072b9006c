#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/files/output_lock.hpp"
#include "claptools/core/files/scratch.hpp"
#include "claptools/core/matrix.hpp"

namespace claptools {

/// Whether frame scores at this path are a folder: the name ends in a slash, or is a folder.
bool names_score_folder(const std::string& path);

/// Whether a folder may be replaced: it is empty, or has no other files than tables of scores.
/// @throws Error{cannot_create} if it is not, or if the path is not a folder.
void require_score_folder(const std::string& path);

/// Writes a folder of frame scores as the Python package sed_scores_eval reads it, and
/// FrameScoreReader: for each clip a tab separated table with the columns onset and offset
/// (seconds) of a frame and one for each class. Scores are written with all their digits.
///
/// The table of "day1/a.wav" is "a.tsv", because the package knows clips by these names. The folder
/// appears as a whole with commit(), or not at all.
class ScoreFolderWriter {
 public:
  /// @throws Error{cannot_create} if it exists and not overwrite, as require_score_folder, or if it
  /// cannot be made; {data} for a class whose name the package cannot read.
  ScoreFolderWriter(const std::string& path, std::span<const std::string> classes, bool overwrite);

  /// @throws Error{data} naming two of these clips whose tables would have the same name.
  static void require_names(std::span<const std::string> ids);

  /// @param scores [frames, classes], at least one frame. @param hop_s of frames, from 0 s on.
  /// @throws Error{data} if another clip has a table of that name, {io}, {cannot_create}.
  void append(const std::string& id, MatrixView scores, double hop_s);

  /// Once. @throws Error{io}, {cannot_create}.
  void commit();

 private:
  std::string path_;
  bool overwrite_;
  OutputLock lock_;
  std::optional<ScratchFolder> scratch_;
  std::string header_;
  std::map<std::string, std::string> owners_;  ///< of tables' names
};

}  // namespace claptools
