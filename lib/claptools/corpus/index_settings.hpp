#pragma once

#include <string>

#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// How the rows of an index were embedded, so that others can be added to them: the inverse of
/// describe_options(). What the header does not tell is as clap-embed has it.
/// @param subject the index, for messages. @throws Error{data} for words that are not understood.
EmbedOptions options_of(const EmbeddingHeader& header, const std::string& subject);

/// @throws Error{data} for a word that is none.
Precision precision_of(const EmbeddingHeader& header, const std::string& subject);

/// What rows on their way into an index must have in common, as PendingRows takes it.
std::string pending_run(const EmbeddingHeader& header);

}  // namespace claptools
