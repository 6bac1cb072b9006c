#include "claptools/runs/text_run.hpp"

#include <algorithm>
#include <utility>

#include "claptools/pipeline/embed_texts.hpp"
#include "claptools/text/caption.hpp"

namespace claptools {
namespace {

constexpr std::size_t kBlock = 4096;  // texts held at a time

}  // namespace

TextRun::TextRun(const Model& model, const TextRunOptions& options, const EmbeddingHeader& header,
                 const RunOutput& output)
    : model_(model), options_(options), output_(output, header) {}

bool TextRun::run(const NextTexts& next, const std::function<void(std::size_t)>& progress,
                  const std::atomic<bool>& stop) {
  for (auto texts = next(kBlock); !texts.empty() && !stop; texts = next(kBlock)) {
    const bool is_whole = texts.size() == kBlock;
    if (!replay_part(texts) && !embed(std::move(texts), stop)) return false;
    if (is_whole) output_.end_part();
    if (progress) progress(done());
  }
  return !stop;
}

/// All of a block or nothing: the list may have grown since it was made.
bool TextRun::replay_part(const std::vector<std::string>& texts) {
  const auto is_current = [&](const std::vector<PartInput>& part) {
    return std::ranges::equal(part, texts, {}, &PartInput::id);
  };
  return output_.replay_part(is_current, [](const PartInput&, const InputError*) {});
}

/// @return false if it was stopped.
bool TextRun::embed(std::vector<std::string> texts, const std::atomic<bool>& stop) {
  std::vector<Segment> segments;
  for (const std::string& text : texts) segments.push_back({text, 0, 0});
  if (options_.clean_captions) std::ranges::transform(texts, texts.begin(), clean_caption);
  const Matrix embeddings = embed_texts(model_, texts, options_.threads, &stop);
  if (stop) return false;
  output_.append({segments, embeddings, {}, {}, {}});
  for (const Segment& segment : segments)
    output_.end_input({segment.id, {}, {}, 0, 0}, {done() + 1, 0}, true);
  return true;
}

}  // namespace claptools
