#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "claptools/corpus/found_files.hpp"
#include "claptools/corpus/pending_rows.hpp"
#include "claptools/corpus/update_plan.hpp"
#include "claptools/index/build_index.hpp"
#include "claptools/index/index_directory.hpp"

namespace claptools {

/// How many files' contents have been read so far. Called by one thread at a time.
using ContentsRead = std::function<void(std::size_t files)>;

/// What would make an index hold the recordings of a corpus: plan_update() with contents read from
/// the files, on several threads. Where what is said of a recording has changed, its rows are
/// refreshed.
/// @param rows of the index that the corpus was compared with. @param seen may be empty.
std::vector<PlannedFile> plan_update(const Corpus& corpus, const IndexRows& rows,
                                     const UpdateRules& rules, int threads,
                                     const ContentsRead& seen = {});

/// Whether the index is to be written again.
bool changes_index(const std::vector<PlannedFile>& plan);

/// The inputs that are still to be embedded.
std::vector<AudioInput> inputs_to_embed(const Corpus& corpus, const std::vector<PlannedFile>& plan,
                                        const PendingRows& pending);

/// How many recordings each action was taken for.
struct UpdateCounts {
  std::size_t kept = 0, refreshed = 0, changed = 0, added = 0, moved = 0, copied = 0, removed = 0;
  std::size_t failed = 0;  ///< now, or before in the same state
};

/// The counts of a plan, with what came of the inputs.
UpdateCounts count_update(const Corpus& corpus, const std::vector<PlannedFile>& plan,
                          const PendingRows& pending);

struct UpdateEvents {
  /// The index has a graph, which is built again through all its vectors. May be empty.
  std::function<void(std::size_t vectors)> rebuilds = {};
  /// Recordings whose rows were put into the index so far. May be empty.
  std::function<void(std::size_t files)> added = {};
};

/// Makes the directory hold the corpus. Rows come in the order in which an index made of the same
/// inputs would have them, after those out of scope; in a graph new ones come last. A recording
/// that could not be embedded keeps the rows that it has.
/// @param directory as the corpus was compared with it.
void apply_update(IndexDirectory& directory, const Corpus& corpus,
                  const std::vector<PlannedFile>& plan, const PendingRows& pending,
                  const UpdateEvents& events);

/// An index without rows for recordings that were embedded, trained on them where its type needs
/// that. @param header of its rows. @throws as make_index, Index::train; Error{data} without rows.
IndexDirectory start_index(const EmbeddingHeader& header, const BuildOptions& options,
                           const PendingRows& pending);

}  // namespace claptools
