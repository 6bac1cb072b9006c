#pragma once

#include <string>
#include <string_view>

namespace claptools {

/// What rows are made with besides the model: window, filling, pooling and precision.
struct RowConditions {
  double window_s = 0;
  std::string_view short_audio, pooling, precision;
};

/// The name of the space that a model embeds into, "FAMILY:WEIGHTS:FRONT-END": the family, the
/// first digits of the digest of its weights and AudioSpec::front_end. Models of one name give the
/// same vectors, beyond what conditions of a run change.
std::string name_space(std::string_view family, std::string_view weights_sha256,
                       std::string_view front_end);

/// The same of rows of recordings: the model's, then ":WINDOW:SHORT:POOLING:PRECISION".
std::string name_space(std::string_view of_model, const RowConditions& conditions);

/// Whether rows of these spaces come from different models. Texts have the space of their model
/// alone; an empty name, of a file that does not tell it, differs from none.
bool are_of_other_models(std::string_view space, std::string_view other);

/// Whether rows of these spaces may not stand in one index: their models differ, or, where both
/// names tell them, the conditions of their runs.
bool are_of_other_spaces(std::string_view space, std::string_view other);

/// How the windows of a recording were joined in this space; empty where its name does not tell.
std::string_view pooling_of(std::string_view space);

/// "other space: A / B", for messages.
std::string other_space(std::string_view space, std::string_view expected);

}  // namespace claptools
