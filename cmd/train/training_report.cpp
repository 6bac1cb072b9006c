#include "cmd/train/training_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace claptools::cmd {
namespace {

constexpr std::array kShown = {"t2a.r1", "t2a.r5", "a2t.r1", "top1"};

/// ", t2a.r1 31.4, top1 0.8".
std::string shown_metrics(const MetricValues& values) {
  std::string text;
  for (const MetricValue& value : values) {
    if (value.class_name.empty() && std::ranges::find(kShown, value.metric) != kShown.end())
      text += fmt::format(", {} {:.4g}", value.metric, value.value);
  }
  return text;
}

}  // namespace

void TrainingReport::Sums::add(const StepRecord& record) {
  const double seconds_a_clip = 1 / record.clips_per_s;
  steps += 1;
  loss += record.loss;
  time += seconds_a_clip;
  waited += seconds_a_clip * record.data_wait_share;
}

std::string TrainingReport::Sums::rate() const {
  return fmt::format("{:.3g} clips/s, {:.0f} % of the time waiting for data", steps / time,
                     100 * waited / time);
}

TrainingReport::TrainingReport(const Program& program, std::uint64_t epochs)
    : program_(program), epochs_(epochs), progress_(program, "trained", "steps") {}

void TrainingReport::step(const StepRecord& record, std::uint64_t steps) {
  steps_ = steps;
  ++steps_here_;
  sums_.add(record);
  progress_.show([&] { return live_text(record, steps); });
}

std::string TrainingReport::live_text(const StepRecord& record, std::uint64_t steps) const {
  return fmt::format("epoch {} of {}, step {} of {}, loss {:.4g}, {} left, rate {:.3g}, {}",
                     record.epoch + 1, epochs_, record.step + 1, steps, record.loss,
                     time_left(steps - record.step - 1), record.learning_rate, sums_.rate());
}

std::string TrainingReport::time_left(std::uint64_t steps_left) const {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const auto left = static_cast<std::uint64_t>(
      std::lround(seconds / static_cast<double>(steps_here_) * static_cast<double>(steps_left)));
  return fmt::format("{}:{:02}:{:02}", left / 3600, left / 60 % 60, left % 60);
}

void TrainingReport::epoch(const EpochRecord& record) {
  const Messages& messages = program_.messages;
  const std::string metrics = shown_metrics(record.validation);
  const std::string name = fmt::format("epoch {} of {}", record.epoch + 1, epochs_);
  if (messages.verbose) {
    messages.note(fmt::format("{}: mean loss {:.4g}, {}{}", name, sums_.loss / sums_.steps,
                              sums_.rate(), metrics));
  } else if (!metrics.empty() && !messages.quiet) {
    messages.note(name + ": " + metrics.substr(2));
  }
  sums_ = {};
}

void TrainingReport::finish(std::uint64_t steps_done) {
  progress_.finish(fmt::format("trained {} of {} steps", steps_done, steps_));
}

}  // namespace claptools::cmd
