#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/store/scores/score_file.hpp"
#include "claptools/store/scores/score_folder.hpp"
#include "claptools/zero_shot/label_picker.hpp"

namespace claptools {

/// Writes the rows of a score file as they come: one per recording or, of phrases, one per item; of
/// frame scores also a folder of tables (ScoreFolderWriter), which have neither meta values nor
/// recordings that failed.
class ScoreRows {
 public:
  /// @param path may be empty: nothing is kept; a folder by names_score_folder(). @param origin
  /// what the file says of itself.
  /// @throws Error{data} for phrases without items.
  ScoreRows(std::string path, bool force, Provenance origin, const LabelSet& set);

  bool wanted() const { return !path_.empty(); }

  /// The recordings that may come, before the first. @throws Error{data} for two whose tables would
  /// have the same name.
  void expect(std::span<const std::string> ids) const;

  /// Before the rows of a file. @param header of the file. @param frames whether scores of frames
  /// follow, or of whole recordings. @param subject for messages.
  /// @throws Error{usage} for frames counted from a container's zero: rows of frame scores have no
  /// time of their own; or for a folder without frames; {data} for another hop than before,
  /// {cannot_create}.
  void begin(const EmbeddingHeader& header, bool frames, const std::string& subject);

  /// @param scores [1 or frames, labels]. @param meta one value per meta column.
  /// @throws Error{data} for an id that comes twice, {io}.
  void add(const std::string& id, const ClipLabels& own, MatrixView scores,
           std::span<const std::string> meta);

  /// A recording that failed: it, or each of its items, has no row. @throws Error{io}.
  void add_error(const InputError& error, const ClipLabels& own);

  /// Publishes the file.
  void close();

 private:
  /// The first half of an id's SHA-256: 64 bytes per row instead of a path, for a chance of 1 in
  /// 10^26 that a million different ids hold two that are taken for one.
  using IdDigest = std::array<std::uint64_t, 2>;

  void begin_folder(bool frames);
  std::vector<std::string> meta_row(std::span<const std::string> meta);
  void add_row(const std::string& id, MatrixView scores, std::span<const std::string> meta);
  void add_item(const std::string& item, const std::string& recording, MatrixView scores,
                std::span<const std::string> meta);
  void write(const std::string& id, MatrixView scores, std::span<const std::string> meta);

  std::string path_;
  bool force_, is_folder_, has_items_;
  ScoreHeader header_;
  std::unique_ptr<ScoreWriter> writer_;  ///< from the first begin() on, or
  std::unique_ptr<ScoreFolderWriter> folder_;
  std::map<IdDigest, IdDigest> ids_;  ///< of rows, and of the recordings that they are of
  std::vector<std::size_t> columns_;  ///< of the rows' meta values
};

}  // namespace claptools
