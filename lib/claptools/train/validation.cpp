#include "claptools/train/validation.hpp"

#include <algorithm>

#include "claptools/audio/short_audio.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/parallel_for.hpp"
#include "claptools/dataset/decode_clip.hpp"
#include "claptools/metrics/classification.hpp"
#include "claptools/metrics/retrieval/retrieval.hpp"
#include "claptools/pipeline/embed_texts.hpp"
#include "claptools/tasks/classify.hpp"
#include "claptools/zero_shot/label_set.hpp"

namespace claptools {
namespace {

using Items = std::vector<const ManifestItem*>;

/// One recording's embedding, or why there is none.
struct EmbeddedItem {
  std::vector<float> embedding;
  std::string failure;
};

EmbeddedItem embed_item(const Model& model, const ManifestItem& item) {
  const AudioSpec& spec = model.spec().audio;
  std::vector<float> clip;
  try {
    clip = decode_clip(item.audio, spec.sample_rate, spec.window_samples);
  } catch (const Error& error) {
    return {{}, error.what()};
  }
  fit_duration(clip, spec.window_samples, ShortAudio::zero);
  const std::span<const float> view = clip;
  return {model.embed_audio({&view, 1}, {}).clips.data, {}};
}

/// As many as items; what is no matter of one recording ends it.
std::vector<EmbeddedItem> embed_items(const Model& model, const std::vector<ManifestItem>& items,
                                      int threads) {
  std::vector<EmbeddedItem> embedded(items.size());
  parallel_for(items.size(), threads,
               [&](std::size_t i) { embedded[i] = embed_item(model, items[i]); });
  return embedded;
}

/// Leaves in `items` the recordings that could be read. @return their rows, [items, dim].
Matrix embed_readable(const Model& model, const ValidationSet& set, int threads, const Log& log,
                      Items& items) {
  Matrix rows(0, model.spec().dim);
  const auto embedded = embed_items(model, set.items, threads);
  for (std::size_t i = 0; i < embedded.size(); ++i) {
    const auto& [embedding, failure] = embedded[i];
    if (!failure.empty()) {
      report(log, LogLevel::warning, failure + "; left out of the validation");
      continue;
    }
    items.push_back(&set.items[i]);
    rows.data.insert(rows.data.end(), embedding.begin(), embedding.end());
  }
  rows.rows = items.size();
  if (items.empty()) throw Error(Fault::data, "validation", "no recording can be read");
  return rows;
}

MetricValues retrieval(const Model& model, const Items& items, const Matrix& audio, int threads) {
  std::vector<std::string> captions;
  Relevance audio_of_text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    captions.insert(captions.end(), items[i]->captions.begin(), items[i]->captions.end());
    audio_of_text.insert(audio_of_text.end(), items[i]->captions.size(), i);
  }
  return to_metrics(score_retrieval(audio, embed_texts(model, captions, threads), audio_of_text));
}

std::size_t class_of(const ManifestItem& item, const std::vector<std::string>& names) {
  const auto found = std::ranges::find(names, item.label);
  if (found == names.end())
    throw Error(Fault::data, item.id, "'" + item.label + "' is not one of the labels");
  return static_cast<std::size_t>(found - names.begin());
}

MetricValues classification(const Model& model, const ValidationSet& set, const Items& items,
                            const Matrix& audio, int threads) {
  const std::vector<std::string>& names = set.labels->names();
  ClassificationTruth truth;
  for (const ManifestItem* item : items) truth.classes.push_back(class_of(*item, names));
  const auto prompts = set.labels->prompts(set.patterns);
  const Matrix rows = embed_labels(prompts, model, threads);
  return to_metrics(score_classification(cosine_scores(audio, rows), truth, names));
}

}  // namespace

std::vector<std::string> validation_metrics(const ValidationSet& set) {
  Matrix one(1, 1);
  one.data[0] = 1;
  MetricValues values = to_metrics(score_retrieval(one, Relevance{0}));
  if (set.labels) {
    const auto& names = set.labels->names();
    for (const ManifestItem& item : set.items) class_of(item, names);
    static_cast<void>(set.labels->prompts(set.patterns));
    const MetricValues more =
        to_metrics(score_classification(Matrix(1, names.size()), {{0}, {}}, names));
    values.insert(values.end(), more.begin(), more.end());
  }
  std::vector<std::string> totals;
  for (const MetricValue& value : values)
    if (value.class_name.empty()) totals.push_back(value.metric);
  return totals;
}

MetricValues validate(const Model& model, const ValidationSet& set, int threads, const Log& log) {
  Items items;
  const Matrix audio = embed_readable(model, set, threads, log, items);
  MetricValues values = retrieval(model, items, audio, threads);
  if (set.labels) {
    const MetricValues more = classification(model, set, items, audio, threads);
    values.insert(values.end(), more.begin(), more.end());
  }
  return values;
}

}  // namespace claptools
