#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "claptools/engine/model.hpp"
#include "claptools/runs/embedding_output.hpp"

namespace claptools {

/// Gives up to `count` further texts, none at the end.
using NextTexts = std::function<std::vector<std::string>(std::size_t count)>;

struct TextRunOptions {
  bool clean_captions = false;  ///< what is embedded is clean_caption() of a text
  int threads = 1;
};

/// One run over texts, as EmbeddingRun over recordings; a block of texts is a part.
class TextRun {
 public:
  /// @throws as EmbeddingOutput.
  TextRun(const Model& model, const TextRunOptions& options, const EmbeddingHeader& header,
          const RunOutput& output);

  /// Until there are no further texts, or `stop` is set.
  /// @param progress called with the number of texts that are done; may be empty.
  /// @return false if it was stopped. @throws as embed_texts and EmbeddingWriter; what `next`
  /// throws.
  bool run(const NextTexts& next, const std::function<void(std::size_t done)>& progress,
           const std::atomic<bool>& stop);

  std::size_t done() const { return output_.position().inputs; }

  /// As those of EmbeddingRun.
  void commit() { output_.commit(); }
  std::size_t interrupt() { return output_.interrupt(); }

 private:
  bool replay_part(const std::vector<std::string>& texts);
  bool embed(std::vector<std::string> texts, const std::atomic<bool>& stop);

  const Model& model_;
  TextRunOptions options_;
  EmbeddingOutput output_;
};

}  // namespace claptools
