#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "claptools/engine/model.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/tasks/explain.hpp"
#include "claptools/zero_shot/classify_rows.hpp"

namespace claptools {

/// A model as seen through its codebook, so that recordings pass through the ordinary pipeline: the
/// embedding of a clip is its codeword weights, [codewords], and its frames are their affinities,
/// [frames, codewords].
class CodebookModel : public Model {
 public:
  /// @param model must outlive this object. @throws Error{data} if it has no codebook.
  explicit CodebookModel(const Model& model) : model_(model), codes_(require_codebook(model)) {}

  const ModelSpec& spec() const override { return model_.spec(); }
  std::string device() const override { return model_.device(); }
  AudioEmbeddings embed_audio(std::span<const std::span<const float>> clips,
                              const AudioOutputs& outputs) const override;
  Matrix embed_texts(std::span<const std::string> texts) const override {
    return model_.embed_texts(texts);
  }

 private:
  const Model& model_;
  const Codebook& codes_;
};

struct TimeSpan {
  double start_s = 0, end_s = 0;

  bool operator==(const TimeSpan&) const = default;
};

/// A codeword that carries the match of a clip and one of its labels.
struct ExplainedMatch {
  const Segment& segment;
  const std::string& label;
  float cosine = 0;  ///< of the clip and the label
  const SharedCodeword& shared;
  std::vector<TimeSpan> spans;  ///< of the frames that activated it, neighbours as one
};

/// Finds the codewords that carry the matches of clips and their labels.
class MatchExplainer {
 public:
  using Sink = std::function<void(const ExplainedMatch&)>;

  /// @param codes of the model. Both must outlive this object.
  /// @param most codewords of a match.
  MatchExplainer(LabelPicker& picker, const Codebook& codes, const TagOptions& options,
                 std::size_t most, Sink sink);

  /// Before the rows of a file.
  void begin(const EmbeddingHeader& header);

  /// @param rows of a CodebookModel, with frames.
  void add(const EmbeddingRows& rows);

 private:
  void add_clip(const Segment& segment, std::span<const float> weights, MatrixView affinities);
  const std::vector<float>& weights_of(std::size_t label);

  LabelPicker& picker_;
  const Codebook& codes_;
  TagOptions options_;
  std::size_t most_;
  Sink sink_;
  Matrix codewords_;
  std::vector<std::vector<float>> label_weights_;  ///< [labels], empty until they are needed
  double frame_s_ = 0;
  bool stretched_ = false;
};

}  // namespace claptools
