#include "claptools/pipeline/embed_audio.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <thread>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/pipeline/busy_clock.hpp"
#include "claptools/pipeline/decode_pool.hpp"
#include "claptools/pipeline/ordered_results.hpp"
#include "claptools/pipeline/row_builder.hpp"

namespace claptools {
namespace {

void require(bool ok, const char* option, const char* reason) {
  if (!ok) throw Error(Fault::usage, option, reason);
}

WindowGrid make_grid(const EmbedOptions& options, const AudioSpec& audio) {
  const auto samples = [&](double seconds) {
    return static_cast<std::size_t>(std::llround(seconds * audio.sample_rate));
  };
  require(options.window_s > 0 && samples(options.window_s) <= audio.window_samples, "`window_s`",
          "must be more than 0 and no more than the model's window");
  require(samples(options.window_s) >= audio.min_samples, "`window_s`",
          "is shorter than the model takes");
  require(options.hop_s > 0 && options.hop_s < 1e6 && samples(options.hop_s) > 0, "`hop_s`",
          "must be more than 0");
  require(std::isfinite(options.min_tail_s) && options.min_tail_s >= 0 && options.min_tail_s < 1e6,
          "`min_tail_s`", "must not be negative");
  require(options.threads > 0 && options.threads <= 1024, "`threads`", "must be 1 to 1024");
  require(options.batch > 0 && options.batch <= 1024, "`batch`", "must be 1 to 1024");
  require(options.max_duration_s >= 0 && options.max_duration_s < 1e9, "`max_duration_s`",
          "must not be negative");
  require(options.file_timeout_s >= 0 && options.file_timeout_s < 1e9, "`file_timeout_s`",
          "must not be negative");
  require(!options.frames || options.pooling == Pooling::none || options.pooling == Pooling::first,
          "`frames`", "needs one row per window or `pooling` first");
  return {samples(options.window_s), samples(options.hop_s), samples(options.min_tail_s)};
}

/// The model's side: workers take batches from the decoders in order and hand them on in order.
class EmbedRun {
 public:
  EmbedRun(const Model& model, const InputSource& next, const EmbedOptions& options,
           const std::atomic<bool>& stop, const RunPosition& from)
      : model_(model),
        options_(options),
        stop_(stop),
        place_(from),
        workers_(options.workers > 0 ? options.workers : options.threads),
        results_(static_cast<std::size_t>(workers_) * 4),
        decoded_(
            next, options, model, make_grid(options, model.spec().audio), options.threads,
            static_cast<std::size_t>(std::max(options.threads, workers_)) * (options.batch + 1)) {}

  EmbedSummary run(const RowSink& sink) {
    if (options_.frames) require_frames(model_.spec());
    if (options_.pooling == Pooling::codebook) require_codebook(model_);
    if (options_.pooling == Pooling::fusion) require_fusion();
    RowBuilder builder(model_, options_, sink);
    std::vector<std::thread> workers;
    std::jthread watch;
    std::exception_ptr error;
    try {
      workers.reserve(static_cast<std::size_t>(workers_));
      for (int i = 0; i < workers_; ++i) workers.emplace_back([this] { work(); });
      watch = std::jthread([this](const std::stop_token& ended) { stop_decoders(ended); });
      for (auto batch = results_.take(); batch && builder.add(*batch);) batch = results_.take();
    } catch (...) {
      error = std::current_exception();
    }
    watch.request_stop();
    results_.close();
    decoded_.stop();
    for (std::thread& worker : workers) worker.join();
    if (error) std::rethrow_exception(error);
    EmbedSummary summary = builder.summary();
    summary.interrupted = stop_;
    summary.wall_s = busy_.wall_s();
    summary.idle_s = busy_.idle_s();
    summary.ingest_s = decoded_.processor_s();
    return summary;
  }

 private:
  void require_fusion() const {
    const ModelSpec& spec = model_.spec();
    if (spec.audio.views == 1 || !model_.spectrograms() || !spec.audio.features)
      throw Error(Fault::data, spec.name, "is not a model that joins views of long recordings");
    require(options_.window_s == spec.audio.window_s, "`window_s`",
            "must be the model's where it joins views (`pooling` fusion)");
  }

  /// A worker that waits for a recording to be decoded does not see the signal.
  void stop_decoders(const std::stop_token& ended) {
    while (!ended.stop_requested() && !stop_)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (stop_) decoded_.stop();
  }

  void work() {
    try {
      while (auto batch = next_batch()) {
        if (!results_.wait_turn(batch->first)) return;
        embed(batch->second);
        results_.put(batch->first, std::move(batch->second));
      }
    } catch (...) {
      results_.fail(std::current_exception());
    }
  }

  /// Up to `batch` windows of a block and what lies between them. The composition depends on the
  /// inputs alone; what an interruption would make smaller is given up.
  std::optional<std::pair<std::size_t, EmbeddedBatch>> next_batch() {
    const std::scoped_lock lock(batch_mutex_);
    EmbeddedBatch batch;
    for (std::size_t windows = 0; windows < options_.batch;) {
      auto item = decoded_.pop();
      if (stop_) batch.items.clear();
      if (stop_ || !item) break;
      if (item->window) {
        ++windows;
        ++place_.windows;
      } else {
        end_input(*item, windows == 0);
      }
      batch.items.push_back(std::move(*item));
      if (batch.items.back().ends_part) break;
    }
    if (!batch.items.empty()) return std::pair{batches_++, std::move(batch)};
    results_.finish(batches_);
    return std::nullopt;
  }

  void end_input(DecodedItem& item, bool batch_is_fresh) {
    const std::size_t block = options_.block();
    item.ends_part = ++place_.inputs % block == 0 || place_.windows >= block;
    item.can_resume_here = batch_is_fresh || item.ends_part;
    if (item.ends_part) place_.windows = 0;
    item.next = place_;
  }

  void embed(EmbeddedBatch& batch) {
    const BusyClock::Work work(busy_);
    const AudioOutputs outputs{options_.frames, options_.pooling == Pooling::codebook};
    try {
      batch.embeddings = embed_windows(batch.items, outputs);
    } catch (const Error& e) {
      if (e.fault() != Fault::data) throw;
      reject_unfit(batch);
      batch.embeddings = embed_windows(batch.items, outputs);
    }
    for (DecodedItem& item : batch.items) {
      if (!item.window) continue;
      item.window->samples = {};
      item.window->log_mel = {};
    }
  }

  /// One row a window that has not failed; all have samples or all have log-mels.
  AudioEmbeddings embed_windows(std::span<const DecodedItem> items,
                                const AudioOutputs& outputs) const {
    std::vector<std::span<const float>> clips;
    std::vector<MatrixView> log_mels;
    for (const DecodedItem& item : items) {
      if (!item.window || item.failure) continue;
      if (item.window->log_mel.rows > 0) {
        log_mels.emplace_back(item.window->log_mel);
      } else {
        clips.emplace_back(item.window->samples);
      }
    }
    return log_mels.empty() ? model_.embed_audio(clips, outputs)
                            : model_.spectrograms()->embed_log_mels(log_mels, outputs);
  }

  /// One window that the model refuses must not cost its companions.
  void reject_unfit(EmbeddedBatch& batch) const {
    for (DecodedItem& item : batch.items) {
      if (!item.window) continue;
      try {
        embed_windows({&item, 1}, {});
      } catch (const Error& e) {
        item.failure = InputError{item.input->id, "embed", e.reason()};
        item.exception = std::make_exception_ptr(Error(Fault::data, item.input->id, e.reason()));
      }
    }
  }

  const Model& model_;
  const EmbedOptions& options_;
  const std::atomic<bool>& stop_;
  RunPosition place_;
  const int workers_;
  BusyClock busy_;
  OrderedResults<EmbeddedBatch> results_;
  DecodePool decoded_;
  std::mutex batch_mutex_;
  std::size_t batches_ = 0;
};

}  // namespace

void require_frames(const ModelSpec& spec) {
  if (spec.audio.frames > 0) return;
  throw Error(Fault::usage, spec.name,
              "has no frame embeddings: models of the family " + spec.family +
                  " are not trained to tell frames apart");
}

std::string_view to_string(Pooling pooling) {
  switch (pooling) {
    case Pooling::none:
      return "none";
    case Pooling::codebook:
      return "codebook";
    case Pooling::mean:
      return "mean";
    case Pooling::first:
      return "first";
    case Pooling::fusion:
      return "fusion";
  }
  return "";
}

std::string_view to_string(TimeZero zero) {
  return zero == TimeZero::audio ? "audio" : "container";
}

EmbedSummary embed_audio(const Model& model, const InputSource& next, const EmbedOptions& options,
                         const RowSink& sink, const std::atomic<bool>& stop,
                         const RunPosition& from) {
  return EmbedRun(model, next, options, stop, from).run(sink);
}

}  // namespace claptools
