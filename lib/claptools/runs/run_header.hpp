#pragma once

#include <string>

#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// Fills what describes recordings: sample rate, window, hop, short audio, period of the frames,
/// and their space. @param header with the model's digest and the precision.
void describe_audio(const EmbedOptions& options, const Model& model, EmbeddingHeader& header);

/// How the files are read, of it what is not the default: "NAME=VALUE ", each with a blank after
/// it.
std::string describe_reading(const EmbedOptions& options);

/// The attribute `options` of a file of recordings: "NAME=VALUE ...", all that shapes its rows
/// besides model and inputs. @param half whether they are stored as float16.
std::string describe_options(const EmbedOptions& options, bool half);

/// The same of a file of texts.
std::string describe_text_options(bool clean_captions, bool half);

/// What else shapes the last bits of the rows of a run.
struct RunConditions {
  std::string config_sha256;  ///< of the model's configuration and vocabulary
  std::string device;         ///< as Model::device() says
  std::size_t batch = 0;      ///< EmbedOptions::batch; 0 of texts
};

/// All that shapes the rows of a run but its inputs, lines "NAME=VALUE": a run resumes what an
/// earlier one with the same lines left. @param header complete but for `command` and `created`.
std::string run_fingerprint(const EmbeddingHeader& header, const RunConditions& conditions);

}  // namespace claptools
