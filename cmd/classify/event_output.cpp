#include "cmd/classify/event_output.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/formats/event_text.hpp"
#include "claptools/formats/label_folder.hpp"
#include "cmd/program/text_output.hpp"

namespace claptools::cmd {
namespace {

class TableEvents : public EventOutput {
 public:
  explicit TableEvents(const TableOptions& options)
      : table_(options, {"filename", "onset", "offset", "event_label", "score"}) {}

  void expect(std::span<const std::string>) override {}
  void begin(int) override {}

  void add(const RecordingEvents& recording) override {
    const RecordingFrames& frames = recording.frames;
    for (const Event& event : recording.events) {
      table_.row(std::array{text(frames.id), number(frames.start_s + event.onset_s),
                            number(frames.start_s + event.offset_s), text(event.label),
                            score(event.score)});
    }
  }

  void close() override { table_.close(); }

 private:
  TableWriter table_;
};

std::vector<std::string> distinct(std::span<const std::string> ids) {
  std::set<std::string_view> seen;
  std::vector<std::string> once;
  for (const std::string& id : ids)
    if (seen.insert(id).second) once.push_back(id);
  return once;
}

/// Labels of other programs. Holds one recording, whose parts come one after another.
class LabelEvents : public EventOutput {
 public:
  LabelEvents(const TableOptions& options, const EventFormat& format)
      : options_(options), format_(format), text_(format) {
    if (!is_label_folder(options)) file_.emplace(options.output, options.force);
  }

  void expect(std::span<const std::string> ids) override {
    const std::vector<std::string> once = distinct(ids);
    if (!file_) {
      folder_.emplace(options_.output, format_, once, options_.force);
    } else if (!format_.holds_many && once.size() > 1) {
      throw Error(Fault::usage, "--format",
                  std::string(format_.name) + " holds one recording per file, not " +
                      std::to_string(once.size()) + "; give -o a folder, such as labels/");
    }
  }

  void begin(int sample_rate) override { sample_rate_ = sample_rate; }

  void add(const RecordingEvents& recording) override {
    const RecordingFrames& frames = recording.frames;
    if (current_ && current_->id != frames.id) write();
    if (!current_) current_ = LabelledRecording{frames.id, 0, sample_rate_, {}};
    current_->duration_s = std::max(current_->duration_s, frames.end_s);
    for (Event event : recording.events) {
      event.onset_s += frames.start_s;
      event.offset_s += frames.start_s;
      current_->events.push_back(std::move(event));
    }
  }

  void close() override {
    if (current_) write();
    if (folder_) return folder_->close();
    file_->write(text_.finish());
    file_->close();
  }

 private:
  void write() {
    std::ranges::stable_sort(current_->events, {}, &Event::onset_s);
    if (folder_) {
      folder_->add(*current_);
    } else {
      file_->write(text_.add(*current_));
    }
    current_.reset();
  }

  const TableOptions& options_;
  const EventFormat& format_;
  EventText text_;
  std::optional<TextOutput> file_;
  std::optional<LabelFolder> folder_;
  std::optional<LabelledRecording> current_;
  int sample_rate_ = 0;
};

}  // namespace

bool is_label_folder(const TableOptions& options) {
  std::error_code none;
  return options.output.ends_with('/') ||
         (options.output != "-" && std::filesystem::is_directory(options.output, none));
}

std::unique_ptr<EventOutput> make_event_output(const TableOptions& options) {
  if (const EventFormat* labels = output_format(options, true).labels)
    return std::make_unique<LabelEvents>(options, *labels);
  return std::make_unique<TableEvents>(options);
}

}  // namespace claptools::cmd
