#include "cmd/embed/embed_progress.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claptools::cmd {

EmbedProgress::EmbedProgress(const Program& program, std::size_t total)
    : messages_(program.messages), total_(total), line_(program, "embedded", "clips", total) {}

void EmbedProgress::add(const PartInput& input, bool failed, bool copied) {
  ++done_;
  failed_ += failed ? 1 : 0;
  copied_ += copied ? 1 : 0;
  seconds_ += input.seconds;
  fresh_seconds_ += copied ? 0 : input.seconds;
  current_s_ = 0;
  line_.show([this] { return text(); });
}

void EmbedProgress::advance(double seconds) {
  current_s_ = seconds;
  line_.show([this] { return text(); });
}

void EmbedProgress::finish() {
  line_.clear();
  if (!messages_.quiet) messages_.note(text());
}

RunTotals EmbedProgress::totals() const {
  return {done_, failed_, seconds_, fresh_seconds_, spent_s()};
}

double EmbedProgress::spent_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

/// What matters most comes first: a narrow terminal shows only the beginning.
std::string EmbedProgress::text() const {
  const double spent = spent_s();
  std::string line = total_ > 0 ? fmt::format("embedded {} of {} clips", done_ - failed_, total_)
                                : fmt::format("embedded {} clips", done_ - failed_);
  if (failed_ > 0) line += fmt::format(", {} failed", failed_);
  if (done_ < total_ && done_ > copied_) {
    const double a_clip = spent / static_cast<double>(done_ - copied_);
    const auto left = static_cast<long>(a_clip * static_cast<double>(total_ - done_));
    line += fmt::format(", {}:{:02}:{:02} left", left / 3600, left / 60 % 60, left % 60);
  }
  return line + fmt::format(", {:.3g} h of audio, {:.3g} x real time",
                            (seconds_ + current_s_) / 3600,
                            (fresh_seconds_ + current_s_) / std::max(spent, 1e-3));
}

}  // namespace claptools::cmd
