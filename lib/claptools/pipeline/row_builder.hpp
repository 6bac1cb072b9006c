#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "claptools/pipeline/decode_pool.hpp"
#include "claptools/pipeline/embed_audio.hpp"

namespace claptools {

/// Items of one pass through the model, in order, and what the model made of the windows among
/// them.
struct EmbeddedBatch {
  std::vector<DecodedItem> items;  ///< windows that the model refused have a failure
  AudioEmbeddings embeddings;      ///< one row per window without failure, in order
};

/// Turns embedded windows into the rows of the sink: one per window, or pooled one per recording.
class RowBuilder {
 public:
  RowBuilder(const Model& model, const EmbedOptions& options, const RowSink& sink)
      : model_(model), options_(options), sink_(sink) {}

  /// Batches in order. @return false if the sink ends the run. @throws what the sink throws; with
  /// `strict` the first failure.
  bool add(const EmbeddedBatch& batch);

  const EmbedSummary& summary() const { return summary_; }

 private:
  void add_window(const DecodedItem& item, const AudioEmbeddings& embeddings, std::size_t row);
  void pool_window(const AudioEmbeddings& embeddings, std::size_t row);
  bool end_recording(const DecodedItem& item);
  void emit_pooled(const AudioInput& input);
  void emit();

  const Model& model_;
  const EmbedOptions& options_;
  const RowSink& sink_;
  EmbedSummary summary_;

  // rows waiting for emit()
  std::vector<Segment> segments_;
  std::vector<std::vector<std::string>> meta_;
  std::vector<float> embeddings_, frames_;
  std::vector<std::size_t> frame_counts_;

  // the current recording
  std::optional<InputError> failure_;
  std::size_t windows_ = 0, end_ = 0;
  std::size_t origin_ = 0;  ///< AudioWindow::origin
  std::vector<float> pool_, first_frames_;
};

}  // namespace claptools
