#include "cmd/support/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace mgaclap::cmd {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(100);

bool is_wanted(const Program& program) {
  if (program.messages.quiet || program.progress == "never") return false;
  return program.progress == "always" || ::isatty(STDERR_FILENO) == 1;
}

}  // namespace

Progress::Progress(const Program& program, std::string verb, std::string noun, std::size_t total)
    : messages_(program.messages),
      active_(is_wanted(program)),
      verb_(std::move(verb)),
      noun_(std::move(noun)),
      total_(total) {}

Progress::~Progress() {
  if (active_) messages_.progress("");
}

void Progress::show(const std::function<std::string()>& line) {
  const auto now = Clock::now();
  if (!active_ || now - shown_ < kInterval) return;
  shown_ = now;
  messages_.progress(line());
}

void Progress::finish(const std::string& line) {
  if (active_) messages_.note(line);
  active_ = false;
}

std::string Progress::text(std::size_t done) const {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const std::string of = total_ > 0 ? fmt::format(" of {}", total_) : "";
  return fmt::format("{} {}{} {}, {:.3g}/s", verb_, done, of, noun_,
                     seconds > 0 ? static_cast<double>(done) / seconds : 0);
}

}  // namespace mgaclap::cmd
