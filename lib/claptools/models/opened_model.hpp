#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "claptools/engine/model.hpp"
#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// SHA-256 of the weights as model.safetensors holds them, 64 hexadecimal digits: the attribute
/// `model_sha256`.
std::string weights_sha256(const ModelFiles& files);

/// Numbers among the weights that the family cannot do without.
std::size_t parameter_count(const ModelFiles& files);

/// What cosines of sounds are multiplied by before a softmax over texts, as the model learned it;
/// none of a family that was not trained so.
std::optional<double> logit_scale(const ModelFiles& files);

/// A loaded model and what identifies it.
struct OpenedModel {
  std::unique_ptr<Model> model;
  std::string sha256;         ///< of the weights
  std::string config_sha256;  ///< of the configuration and the vocabulary
  std::string path;           ///< as the user named it
  std::string space;          ///< that it embeds into, as name_space() names it
  std::optional<double> logit_scale;
};

/// Reads and loads a model; its digest is computed meanwhile.
/// @throws Error as read_model_files and Model::load.
OpenedModel open_model(const ModelPaths& paths, const ModelOptions& options, const Log& log);

/// @throws Error{data} naming the model if it learned none.
double require_logit_scale(const OpenedModel& opened);

/// What a file of its embeddings says of the model: size, name, digest, space.
EmbeddingHeader header_of(const OpenedModel& opened);

/// A model's name and the first digits of its digest, for messages.
std::string describe_model(const std::string& name, const std::string& sha256);

/// @param header of what `subject` holds.
/// @throws Error{data} naming both models, or both spaces, if `opened` did not make it.
void require_same_model(const OpenedModel& opened, const std::string& subject,
                        const EmbeddingHeader& header);

}  // namespace claptools
