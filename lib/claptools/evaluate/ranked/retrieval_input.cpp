#include "claptools/evaluate/ranked/retrieval_input.hpp"

#include "claptools/core/error.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/vector_space.hpp"

namespace claptools {
namespace {

/// Of embedding files, the audio's and the text's.
EmbeddingPair read_pair(const RetrievalTask& task, ReportRows& provenance) {
  const EmbeddingReader audio(task.audio);
  const EmbeddingReader text(task.text);
  if (audio.header().kind != "audio") throw Error(Fault::data, task.audio, "holds no audio");
  if (text.header().kind != "text") throw Error(Fault::data, task.text, "holds no text");
  if (audio.header().model_sha256 != text.header().model_sha256) {
    throw Error(Fault::data, task.text, "was made with another model than " + task.audio);
  }
  if (are_of_other_models(text.header().space, audio.header().space))
    throw Error(Fault::data, task.text, other_space(text.header().space, audio.header().space));
  provenance = {{"model_name", audio.header().model_name},
                {"model_sha256", audio.header().model_sha256},
                {"audio_command", audio.header().command},
                {"text_command", text.header().command}};
  EmbeddingPair pair{
      {}, audio.embeddings(0, audio.rows()), text.embeddings(0, text.rows()), {}, {}};
  for (const InputError& error : audio.errors()) pair.failed.push_back(error.id);
  for (const Segment& segment : audio.segments()) pair.audio_ids.push_back(segment.id);
  for (const Segment& segment : text.segments()) pair.text_ids.push_back(segment.id);
  return pair;
}

}  // namespace

EmbeddingPair read_embeddings(const RetrievalTask& task, ReportRows& provenance) {
  return task.embeddings.empty() ? read_pair(task, provenance)
                                 : read_embedding_pair(task.embeddings);
}

std::string embeddings_name(const RetrievalTask& task) {
  return task.embeddings.empty() ? task.audio + ", " + task.text : task.embeddings;
}

}  // namespace claptools
