#include "cmd/program/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace claptools::cmd {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(100);

}  // namespace

Progress::Form Progress::form_for(const Program& program) {
  if (program.messages.quiet || program.progress == "never") return Form::none;
  const bool rewrites = program.progress == "always" || ::isatty(STDERR_FILENO) == 1;
  return rewrites ? Form::rewritten : Form::lines;
}

Progress::Progress(const Program& program, std::string verb, std::string noun, std::size_t total,
                   std::chrono::milliseconds pause)
    : messages_(program.messages),
      form_(form_for(program)),
      pause_(form_ == Form::rewritten ? kInterval : pause),
      verb_(std::move(verb)),
      noun_(std::move(noun)),
      total_(total),
      shown_(form_ == Form::rewritten ? Clock::time_point{} : start_) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (form_ == Form::rewritten) messages_.progress("");
  form_ = Form::none;
}

void Progress::show(const std::function<std::string()>& line) {
  const auto now = Clock::now();
  if (form_ == Form::none || now - shown_ < pause_) return;
  shown_ = now;
  form_ == Form::rewritten ? messages_.progress(line()) : messages_.note(line());
}

void Progress::finish(const std::string& line) {
  if (form_ == Form::rewritten) messages_.note(line);
  form_ = Form::none;
}

std::string Progress::text(std::size_t done) const {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const std::string of = total_ > 0 ? fmt::format(" of {}", total_) : "";
  return fmt::format("{} {}{} {}, {:.3g}/s", verb_, done, of, noun_,
                     seconds > 0 ? static_cast<double>(done) / seconds : 0);
}

}  // namespace claptools::cmd
