#include "cmd/classify/label_pictures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "claptools/audio/audio_reader.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/metrics/sed/ground_truth.hpp"
#include "claptools/report/plots.hpp"
#include "claptools/report/png.hpp"
#include "claptools/tasks/postprocess.hpp"

namespace claptools::cmd {
namespace {

constexpr std::size_t kMaxPlots = 30;  // of a page: about 10 MB of pictures
constexpr std::size_t kMaxColumns = 2000;
constexpr float kSilence = -100;  // dB, what the front end gives for zeros

std::unique_ptr<TextOutput> open_output(const std::string& path, bool force) {
  return path.empty() ? nullptr : std::make_unique<TextOutput>(path, force);
}

void write_whole(TextOutput& output, const std::string& text) {
  output.write(text);
  output.close();
}

std::string shown_of_all(std::size_t shown, std::size_t all) {
  return "shows " + std::to_string(shown) + " of " + std::to_string(all) + " recordings";
}

/// Reads over the next samples.
void skip(AudioReader& reader, std::size_t samples) {
  std::vector<float> skipped(std::min<std::size_t>(samples, 65536));
  while (samples > 0) {
    const std::size_t got =
        reader.read(std::span(skipped).first(std::min(samples, skipped.size())));
    if (got == 0) return;
    samples -= got;
  }
}

/// Log-mel spectrogram of [start_s, end_s) of what is left in the reader, in at most kMaxColumns
/// columns; made window by window, so that memory does not grow with the length. [columns, mel
/// bands] dB.
Matrix read_spectrogram(AudioReader reader, double start_s, double end_s, const Model& model) {
  const AudioSpec& audio = model.spec().audio;
  const Spectrograms& spectrograms = *model.spectrograms();
  const auto samples = [&](double seconds) {
    return static_cast<std::size_t>(std::llround(seconds * audio.sample_rate));
  };
  const std::size_t total = samples(end_s) - samples(start_s);
  const std::size_t hop = audio.features->hop;
  const std::size_t columns = std::min(kMaxColumns, total / hop);
  skip(reader, samples(start_s));
  std::vector<float> window(audio.window_samples);
  Matrix spectrogram(0, spectrograms.bands().count);
  for (std::size_t done = 0; done < total;) {
    const std::size_t wanted = std::min(window.size(), total - done);
    const std::size_t got = reader.read(std::span(window).first(wanted));
    if (got < audio.min_samples) break;  // less than the model takes
    done += got;
    const std::size_t end = columns * done / total;
    const Matrix log_mel = spectrograms.log_mel(std::span(window).first(got));
    const Matrix added =
        average_rows(log_mel.view().slice(0, got / hop), end - spectrogram.rows, kSilence);
    spectrogram.data.insert(spectrogram.data.end(), added.data.begin(), added.data.end());
    spectrogram.rows += added.rows;
  }
  return spectrogram;
}

}  // namespace

EventTruth read_event_truth(const std::string& path) {
  EventTruth truth;
  if (path.empty()) return truth;
  for (const EventRow& row : parse_event_rows(read_table_file(path), path)) {
    auto& events = truth[row.filename];
    if (!row.label.empty()) events.push_back({row.label, row.onset_s, row.offset_s, 0});
  }
  return truth;
}

LabelPictures::LabelPictures(const LabelOptions& options, EventTruth truth, const Model* model,
                             const ScoreOrigin& origin, const Messages& messages)
    : options_(options),
      model_(model),
      messages_(messages),
      plot_(open_output(options.plot, options.table.force)),
      report_(open_output(options.report, options.table.force)),
      truth_(std::move(truth)) {
  page_.title = "Sound events";
  page_.provenance = {{"model", origin.model_name},
                      {"weights (SHA-256)", origin.model_sha256},
                      {"tool", origin.tool},
                      {"command", origin.command}};
}

/// Events of a recording's table rows, which name it whole or by the last part of its path, from
/// the start of what was recorded.
std::optional<std::vector<Event>> LabelPictures::truth_of(const RecordingFrames& recording) {
  const std::string base = recording.id.substr(recording.id.rfind('/') + 1);
  auto found = truth_.end();
  for (const std::string& name : {recording.id, escape_tsv(recording.id), base, escape_tsv(base)}) {
    if (found == truth_.end()) found = truth_.find(name);
  }
  if (found == truth_.end()) return std::nullopt;
  ++with_truth_;
  std::vector<Event> events;
  for (Event event : found->second) {
    if (event.offset_s <= recording.start_s || event.onset_s >= recording.end_s) continue;
    event.onset_s = std::max(event.onset_s - recording.start_s, 0.0);
    event.offset_s = std::min(event.offset_s, recording.end_s) - recording.start_s;
    events.push_back(std::move(event));
  }
  return events;
}

std::string LabelPictures::draw(const RecordingFrames& recording, const ClipLabels& own,
                                std::span<const Event> events) {
  Matrix log_mel, scores = recording.scores;
  if (options_.grounding) scores.data = sigmoid(scores.data);
  EventsPlot plot;
  plot.title = recording.id;
  if (recording.start_s > 0) plot.title += ", from " + number(recording.start_s).value + " s";
  plot.duration_s = recording.end_s - recording.start_s;
  if (model_ && model_->spectrograms() && model_->spec().audio.features) {
    AudioReader reader(recording.id, model_->spec().audio.sample_rate, stream_);
    const double zero_s = zero_ == TimeZero::container ? reader.start_s() : 0;
    log_mel = read_spectrogram(std::move(reader), std::max(recording.start_s - zero_s, 0.0),
                               recording.end_s - zero_s, *model_);
    plot.log_mel = log_mel;
    const MelBands bands = model_->spectrograms()->bands();
    plot.mel_low_hz = bands.low_hz;
    plot.mel_high_hz = bands.high_hz;
  }
  plot.frame_scores = scores;
  plot.hop_s = recording.hop_s;
  plot.classes = own.names;
  plot.thresholds = own.thresholds;
  plot.detected = events;
  const auto truth = truth_of(recording);
  if (truth) plot.truth = *truth;
  return events_plot(plot);
}

void LabelPictures::add(const RecordingFrames& recording, const ClipLabels& own,
                        std::span<const Event> events) {
  const bool is_first = ++recordings_ == 1;
  const bool on_page = report_ && recordings_ <= kMaxPlots;
  if (!on_page && !is_first) return;
  std::string svg = draw(recording, own, events);
  if (is_first) first_ = svg;
  if (on_page) page_.plots.push_back({"", std::move(svg)});
}

void LabelPictures::close() {
  const std::size_t drawn = std::min<std::size_t>(recordings_, 1);
  const std::size_t on_page = page_.plots.size();
  if (plot_ && drawn > 0) write_whole(*plot_, first_);
  if (plot_ && recordings_ != 1)
    messages_.note(options_.plot + ": " + shown_of_all(drawn, recordings_));
  if (report_) {
    page_.provenance.emplace_back("pictures", shown_of_all(on_page, recordings_));
    write_whole(*report_, html_page(page_));
    if (on_page < recordings_) {
      messages_.note(options_.report + ": " + shown_of_all(on_page, recordings_));
    }
  }
  if (recordings_ > 0 && with_truth_ == 0 && !options_.truth.empty()) {
    messages_.warn(options_.truth + ": names none of the recordings that are shown");
  }
}

}  // namespace claptools::cmd
