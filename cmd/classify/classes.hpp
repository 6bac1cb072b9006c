#pragma once

#include <optional>

#include "claptools/models/opened_model.hpp"
#include "claptools/zero_shot/label_picker.hpp"
#include "cmd/classify/classify_inputs.hpp"

namespace claptools::cmd {

/// What rows are compared with: labels, whose prompts a model embeds, or the classes of a
/// classifier, which needs a model for recordings alone.
class Classes {
 public:
  /// Reads labels or the classifier, whose rows tell how recordings are embedded.
  /// @throws Error{usage}, {no_input}, {data}.
  explicit Classes(ClassifyOptions& options);

  /// Loads the model if one is needed. @param embedded the inputs are embedding files.
  void open(const ClassifyOptions& options, bool embedded, const Program& program);

  const LabelSet& set() const { return set_; }
  const OpenedModel* opened() const { return opened_ ? &*opened_ : nullptr; }
  const Model* model() const { return opened_ ? opened_->model.get() : nullptr; }

  /// This object must outlive it.
  LabelPicker picker(const Program& program) const;

  /// Who makes the scores, for files and pictures.
  Provenance origin(const Program& program) const;

  /// @throws Error{data} naming `subject` for rows of another model, or of a space that the
  /// classifier does not know. @param frames only frames are scored.
  void require(const std::string& subject, const EmbeddingHeader& header, bool frames) const;

 private:
  std::optional<Classifier> classifier_;
  LabelSet set_;
  std::vector<std::string> background_;
  std::optional<OpenedModel> opened_;
};

}  // namespace claptools::cmd
