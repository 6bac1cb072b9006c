// Internal to the room: the embeddings of a RetrievalTask.
#pragma once

#include "claptools/evaluate/retrieval.hpp"
#include "claptools/store/scores/retrieval_file.hpp"

namespace claptools {

/// Of one file, or of the audio's and the text's, whose texts are their own ids.
/// @param provenance set where the files tell the model.
/// @throws Error{data} for files of two models or of another kind.
EmbeddingPair read_embeddings(const RetrievalTask& task, ReportRows& provenance);

/// The file, or the two, for messages.
std::string embeddings_name(const RetrievalTask& task);

}  // namespace claptools
