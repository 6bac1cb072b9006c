#include "cmd/classify/label_pictures.hpp"

#include <algorithm>
#include <utility>

#include "claptools/report/plots.hpp"
#include "claptools/tasks/postprocess.hpp"

namespace claptools::cmd {
namespace {

// Of a report: about 10 MB of pictures, and another 10 MB for pages of long recordings.
constexpr std::size_t kMaxPlots = 30, kMaxPages = 120;

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

std::string without_pages(std::size_t recordings) {
  return "shows " + std::to_string(recordings) + " long recordings without pages";
}

}  // namespace

LabelPictures::LabelPictures(const LabelOptions& options, EventTruth truth, const Model* model,
                             const Provenance& origin, const Messages& messages)
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

std::string LabelPictures::draw(const RecordingEvents& recording) {
  const auto& [frames, own, events, meta] = recording;
  Matrix log_mel, scores = frames.scores;
  if (options_.grounding) scores.data = sigmoid(scores.data);
  EventsPlot plot;
  plot.title = frames.id;
  if (frames.start_s > 0) plot.title += ", from " + number(frames.start_s).value + " s";
  plot.duration_s = frames.end_s - frames.start_s;
  const std::size_t pages = events_plot_pages(plot.duration_s);
  plot.paged = pages_ + pages <= kMaxPages;
  if (!plot.paged) ++unpaged_;
  pages_ += plot.paged ? pages : 0;
  if (model_ && has_spectrogram(*model_)) {
    SpectrogramRequest request = reading_;
    request.start_s = frames.start_s;
    request.end_s = frames.end_s;
    request.max_columns = events_plot_columns(plot.paged ? pages : 0);
    const auto input = std::ranges::find(inputs_, frames.id, &AudioInput::id);
    log_mel = read_spectrogram(input->audio, *model_, request);
    plot.log_mel = log_mel;
    const MelBands bands = model_->spectrograms()->bands();
    plot.mel_low_hz = bands.low_hz;
    plot.mel_high_hz = bands.high_hz;
  }
  plot.frame_scores = scores;
  plot.hop_s = frames.hop_s;
  plot.classes = own.names;
  plot.thresholds = own.thresholds;
  plot.detected = events;
  const auto truth = truth_.of(frames);
  if (truth) {
    ++with_truth_;
    plot.truth = *truth;
  }
  return events_plot(plot);
}

void LabelPictures::add(const RecordingEvents& recording) {
  const bool is_first = ++recordings_ == 1;
  const bool on_page = report_ && recordings_ <= kMaxPlots;
  if (!on_page && !is_first) return;
  std::string svg = draw(recording);
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
    page_.provenance.emplace_back(
        "pictures",
        shown_of_all(on_page, recordings_) + (unpaged_ > 0 ? "; " + without_pages(unpaged_) : ""));
    write_whole(*report_, html_page(page_));
    if (on_page < recordings_) {
      messages_.note(options_.report + ": " + shown_of_all(on_page, recordings_));
    }
    if (unpaged_ > 0) messages_.note(options_.report + ": " + without_pages(unpaged_));
  }
  if (recordings_ > 0 && with_truth_ == 0 && !options_.truth.empty()) {
    messages_.warn(options_.truth + ": names none of the recordings that are shown");
  }
}

}  // namespace claptools::cmd
