#include "claptools/pipeline/row_builder.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace claptools {
namespace {

void append(std::vector<float>& to, std::span<const float> from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

bool RowBuilder::add(const EmbeddedBatch& batch) {
  std::size_t row = 0;
  for (const DecodedItem& item : batch.items) {
    if (item.failure) {
      if (options_.strict) std::rethrow_exception(item.exception);
      if (!failure_) {
        emit();  // keeps rows and errors in the order of the inputs
        sink_.error(*item.failure);
        failure_ = item.failure;
      }
    } else if (item.window) {
      const std::size_t at = row++;
      if (!failure_) add_window(item, batch.embeddings, at);
    }
    if (!item.window && !end_recording(item)) return false;
  }
  emit();
  if (sink_.progress && windows_ > 0)
    sink_.progress(summary_.inputs,
                   summary_.seconds + static_cast<double>(end_) / model_.spec().audio.sample_rate);
  return true;
}

void RowBuilder::add_window(const DecodedItem& item, const AudioEmbeddings& embeddings,
                            std::size_t row) {
  const double rate = model_.spec().audio.sample_rate;
  end_ = item.window->start + item.length;
  origin_ = item.window->origin;
  ++windows_;
  if (options_.pooling != Pooling::none) return pool_window(embeddings, row);
  segments_.push_back({item.input->id, static_cast<double>(origin_ + item.window->start) / rate,
                       static_cast<double>(origin_ + end_) / rate});
  meta_.push_back(item.input->meta);
  append(embeddings_, embeddings.clips.row(row));
  if (options_.frames) {
    const std::size_t count = model_.spec().audio.frames;
    for (std::size_t f = 0; f < count; ++f) append(frames_, embeddings.frames.row(row * count + f));
    frame_counts_.push_back(count);
  }
}

void RowBuilder::pool_window(const AudioEmbeddings& embeddings, std::size_t row) {
  const auto values = options_.pooling == Pooling::codebook ? embeddings.affinities.row(row)
                                                            : embeddings.clips.row(row);
  if (windows_ == 1) {
    pool_.assign(values.begin(), values.end());
    if (!options_.frames) return;
    const std::size_t count = model_.spec().audio.frames;
    for (std::size_t f = 0; f < count; ++f)
      append(first_frames_, embeddings.frames.row(row * count + f));
    return;
  }
  for (std::size_t i = 0; i < pool_.size(); ++i) {
    pool_[i] = options_.pooling == Pooling::codebook ? std::max(pool_[i], values[i])
                                                     : pool_[i] + values[i];
  }
}

void RowBuilder::emit_pooled(const AudioInput& input) {
  const double rate = model_.spec().audio.sample_rate;
  segments_.push_back(
      {input.id, static_cast<double>(origin_) / rate, static_cast<double>(origin_ + end_) / rate});
  meta_.push_back(input.meta);
  if (options_.pooling == Pooling::codebook) {
    append(embeddings_, model_.codebook()->pool({pool_.data(), 1, pool_.size()}).row(0));
  } else {
    double square = 0;
    for (const float value : pool_) square += double{value} * value;
    const double scale = windows_ == 1 ? 1 : 1 / std::max(std::sqrt(square), 1e-12);
    for (const float value : pool_) embeddings_.push_back(static_cast<float>(value * scale));
  }
  if (!options_.frames) return;
  append(frames_, first_frames_);
  frame_counts_.push_back(model_.spec().audio.frames);
}

bool RowBuilder::end_recording(const DecodedItem& item) {
  if (!failure_ && options_.pooling != Pooling::none && windows_ > 0) emit_pooled(*item.input);
  ++summary_.inputs;
  summary_.failed += failure_ ? 1 : 0;
  const double seconds = failure_ ? 0 : static_cast<double>(end_) / model_.spec().audio.sample_rate;
  summary_.seconds += seconds;
  const std::optional<InputError> failure = std::exchange(failure_, std::nullopt);
  windows_ = end_ = 0;
  pool_.clear();
  first_frames_.clear();
  const std::string warning = failure ? "" : item.warning;
  if (sink_.warning && !warning.empty()) sink_.warning(item.input->id, warning);
  if (sink_.progress) sink_.progress(summary_.inputs, summary_.seconds);
  if (!sink_.ended) return true;
  emit();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - item.began;
  return sink_.ended({*item.input, failure ? &*failure : nullptr, item.stamp, seconds, wall.count(),
                      item.next, item.can_resume_here, item.ends_part, warning,
                      failure ? "" : item.sha256});
}

void RowBuilder::emit() {
  if (segments_.empty()) return;
  const std::size_t rows = segments_.size(), dim = embeddings_.size() / rows;
  std::size_t width = 0;  // a stream may name columns on its way
  for (const auto& values : meta_) width = std::max(width, values.size());
  std::vector<std::vector<std::string>> columns(width);
  for (auto& values : meta_) {
    values.resize(width);
    for (std::size_t c = 0; c < width; ++c) columns[c].push_back(std::move(values[c]));
  }
  sink_.rows({segments_,
              {embeddings_.data(), rows, dim},
              columns,
              {frames_.data(), frames_.size() / dim, dim},
              frame_counts_});
  summary_.rows += rows;
  segments_.clear();
  meta_.clear();
  embeddings_.clear();
  frames_.clear();
  frame_counts_.clear();
}

}  // namespace claptools
