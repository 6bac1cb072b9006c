#include "mgaclap/train/validation.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "mgaclap/audio/short_audio.hpp"
#include "mgaclap/core/error.hpp"
#include "mgaclap/dataset/decode_clip.hpp"
#include "mgaclap/metrics/classification.hpp"
#include "mgaclap/metrics/retrieval.hpp"
#include "mgaclap/pipeline/embed_texts.hpp"
#include "mgaclap/tasks/classify.hpp"
#include "mgaclap/tasks/prompts.hpp"

namespace mgaclap {
namespace {

std::vector<float> embed_item(const Model& model, const ManifestItem& item) {
  const AudioConfig& config = model.config().audio;
  const auto window = static_cast<std::size_t>(config.window_samples());
  std::vector<float> clip = decode_clip(item.audio, config.sample_rate, window);
  fit_duration(clip, window, ShortAudio::zero);
  const std::span<const float> view = clip;
  return model.embed_audio({&view, 1}, {}).clips.data;
}

/// [items, dim]; the first failure ends it.
Matrix embed_items(const Model& model, const std::vector<ManifestItem>& items, int threads) {
  Matrix rows(items.size(), static_cast<std::size_t>(model.config().embed_dim));
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < items.size(); i = next++)
        std::ranges::copy(embed_item(model, items[i]), rows.row(i).begin());
    } catch (...) {
      next = items.size();
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < threads; ++i) workers.emplace_back(work);
  }
  if (failure) std::rethrow_exception(failure);
  return rows;
}

MetricValues retrieval(const Model& model, const std::vector<ManifestItem>& items,
                       const Matrix& audio, int threads) {
  std::vector<std::string> captions;
  Relevance audio_of_text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    captions.insert(captions.end(), items[i].captions.begin(), items[i].captions.end());
    audio_of_text.insert(audio_of_text.end(), items[i].captions.size(), i);
  }
  return to_metrics(score_retrieval(audio, embed_texts(model, captions, threads), audio_of_text));
}

MetricValues classification(const Model& model, const ValidationSet& set, const Matrix& audio,
                            int threads) {
  const std::vector<std::string>& names = set.labels->names();
  ClassificationTruth truth;
  for (const ManifestItem& item : set.items) {
    const auto found = std::ranges::find(names, item.label);
    if (found == names.end())
      throw Error(Fault::data, item.audio.path, "'" + item.label + "' is none of the labels");
    truth.classes.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  const auto prompts = set.labels->prompts(set.patterns);
  std::vector<std::string> texts;
  for (const auto& own : prompts) texts.insert(texts.end(), own.begin(), own.end());
  const Matrix rows = average_prompts(embed_texts(model, texts, threads), prompts);
  return to_metrics(score_classification(cosine_scores(audio, rows), truth, names));
}

}  // namespace

MetricValues validate(const Model& model, const ValidationSet& set, int threads) {
  const Matrix audio = embed_items(model, set.items, threads);
  MetricValues values = retrieval(model, set.items, audio, threads);
  if (set.labels) {
    const MetricValues more = classification(model, set, audio, threads);
    values.insert(values.end(), more.begin(), more.end());
  }
  return values;
}

}  // namespace mgaclap
