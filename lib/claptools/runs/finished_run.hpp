#pragma once

#include <string>
#include <vector>

#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// How an output that exists differs from what a run with this header would make of these inputs:
/// "made with another model", "made with other options", "made of other inputs", "older than
/// FILE". Empty if it does not: model and options are the same, the names and what is carried with
/// them as well, and no input is newer than it. Texts are inputs whose ids they are.
/// Parts that a run left which was killed after its last step are then removed.
/// @throws Error{cannot_create} if another process is writing it; as EmbeddingReader.
std::string compare_finished(const std::string& output, const EmbeddingHeader& header,
                             const std::vector<AudioInput>& inputs);

}  // namespace claptools
