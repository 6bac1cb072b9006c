#pragma once

#include <cstddef>
#include <vector>

#include "claptools/engine/model.hpp"
#include "cmd/classify/label_options.hpp"
#include "cmd/classify/row_table.hpp"

namespace claptools::cmd {

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

/// Prints the codewords that carry the match of a clip and its labels. Takes rows of a
/// CodebookModel, with frames.
class MatchTable : public RowTable {
 public:
  /// @param codes of the model. All must outlive this object.
  MatchTable(const LabelOptions& options, const LabelSet& set, LabelPicker& picker,
             const Codebook& codes);

  void begin(const EmbeddingHeader& header, const std::string& subject) override;
  void add(const EmbeddingRows& rows) override;
  void drop(const InputError&) override {}
  void end() override {}
  void close() override { table_.close(); }

 private:
  void add_clip(const Segment& segment, std::span<const float> weights, MatrixView affinities);
  const std::vector<float>& weights_of(std::size_t label);

  const LabelOptions& options_;
  const LabelSet& set_;
  LabelPicker& picker_;
  const Codebook& codes_;
  std::size_t most_;
  Matrix codewords_;
  std::vector<std::vector<float>> label_weights_;  ///< [labels], empty until they are needed
  double frame_s_ = 0;
  bool stretched_ = false;
  TableWriter table_;
};

}  // namespace claptools::cmd
