#include "claptools/zero_shot/explain_rows.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

/// The largest affinity of each codeword: what the clip is pooled from. [1, codewords].
Matrix maxima(MatrixView affinities) {
  Matrix largest(1, affinities.cols);
  std::ranges::copy(affinities.row(0), largest.data.begin());
  for (std::size_t f = 1; f < affinities.rows; ++f) {
    std::ranges::transform(largest.data, affinities.row(f), largest.data.begin(),
                           [](float a, float b) { return std::max(a, b); });
  }
  return largest;
}

/// Frames after the end show padding and are left out.
std::vector<TimeSpan> spans_of(const std::vector<std::size_t>& frames, const Segment& segment,
                               double frame_s) {
  const double length_s = segment.end_s - segment.start_s;
  const auto time = [&](std::size_t frame) {
    return segment.start_s + std::min(static_cast<double>(frame) * frame_s, length_s);
  };
  std::vector<TimeSpan> spans;
  for (std::size_t i = 0; i < frames.size();) {
    const std::size_t first = i;
    if (static_cast<double>(frames[first]) * frame_s >= length_s) break;
    while (++i < frames.size() && frames[i] == frames[i - 1] + 1) {
    }
    spans.push_back({time(frames[first]), time(frames[i - 1] + 1)});
  }
  return spans;
}

}  // namespace

AudioEmbeddings CodebookModel::embed_audio(std::span<const std::span<const float>> clips,
                                           const AudioOutputs&) const {
  AudioEmbeddings result;
  result.clips = result.frames = Matrix(0, spec().codewords);
  for (const auto& clip : clips) {
    const CodewordMixture use = codes_.audio_codes(clip);
    if (!std::ranges::all_of(use.weights, [](float w) { return std::isfinite(w); })) {
      throw Error(Fault::data, "audio", "its embedding is not finite");
    }
    result.clips.data.insert(result.clips.data.end(), use.weights.begin(), use.weights.end());
    result.frames.data.insert(result.frames.data.end(), use.affinities.data.begin(),
                              use.affinities.data.end());
    ++result.clips.rows;
    result.frames.rows += use.affinities.rows;
  }
  return result;
}

MatchExplainer::MatchExplainer(LabelPicker& picker, const Codebook& codes,
                               const TagOptions& options, std::size_t most, Sink sink)
    : picker_(picker),
      codes_(codes),
      options_(options),
      most_(most),
      sink_(std::move(sink)),
      codewords_(codes.codewords()),
      label_weights_(picker.set().names.size()) {}

void MatchExplainer::begin(const EmbeddingHeader& header) {
  frame_s_ = header.frame_hop_s;
  stretched_ = header.short_audio == "stretch";
}

void MatchExplainer::add(const EmbeddingRows& rows) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < rows.segments.size(); ++i) {
    const std::size_t count = rows.frame_counts[i];
    add_clip(rows.segments[i], rows.embeddings.row(i), rows.frames.slice(first, count));
    first += count;
  }
}

void MatchExplainer::add_clip(const Segment& segment, std::span<const float> weights,
                              MatrixView affinities) {
  const ClipLabels& own = picker_.of(segment.id);
  if (own.names.empty()) return;
  const double frame_s =
      stretched_ ? (segment.end_s - segment.start_s) / static_cast<double>(affinities.rows)
                 : frame_s_;
  const Matrix cosines = cosine_scores(codes_.pool(maxima(affinities)), own.prompts);
  for (const auto& [label, cosine] : choose_labels(cosines.row(0), own, picker_.set(), options_)) {
    for (const SharedCodeword& shared :
         explain_match(weights, affinities, weights_of(own.index[label]), codewords_, most_)) {
      sink_({segment, own.names[label], cosine, shared, spans_of(shared.frames, segment, frame_s)});
    }
  }
}

const std::vector<float>& MatchExplainer::weights_of(std::size_t label) {
  std::vector<float>& mean = label_weights_[label];
  if (!mean.empty()) return mean;
  std::vector<std::vector<float>> weights;
  for (const std::string& prompt : picker_.set().prompts[label]) {
    weights.push_back(codes_.text_codes(prompt).weights);
  }
  return mean = average_weights(weights, codewords_);
}

}  // namespace claptools
