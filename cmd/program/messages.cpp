#include "cmd/program/messages.hpp"

#include <unistd.h>

#include <cstdio>
#include <mutex>

#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/shorten.hpp"
#include "cmd/options/flag_names.hpp"
#include "cmd/program/terminal.hpp"

namespace claptools::cmd {
namespace {

// Standard error is one for the whole process, and so is the line that progress leaves open on it.
std::mutex mutex;
bool line_is_open = false;

void write(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

constexpr std::size_t kLongestLine = 300;  // bytes, without the line break
constexpr std::size_t kLongestSubject = 120;

std::string clear_line() { return line_is_open ? "\r\x1b[K" : ""; }

}  // namespace

void Messages::error(std::string_view subject, std::string_view reason) const {
  const std::string name = escape_controls(subject);
  const bool is_long = name.size() + reason.size() + program_.size() + 11 > kLongestLine;
  error((is_long ? shorten_middle(name, kLongestSubject) : name) + ": " + std::string(reason));
}

void Messages::warn(std::string_view text) const {
  if (!quiet) line("warning: ", text);
}

void Messages::detail(std::string_view text) const {
  if (verbose) line("", text);
}

Log Messages::log() const {
  return [this](LogLevel level, std::string_view text) {
    level == LogLevel::warning ? warn(with_flags(text)) : detail(with_flags(text));
  };
}

void Messages::progress(std::string_view text) const {
  const std::string line = text.empty() ? "" : program_ + ": " + escape_controls(text);
  const std::size_t width = terminal_width(STDERR_FILENO);
  const std::lock_guard lock(mutex);
  write(clear_line() + (width > 0 ? fit_columns(line, width - 1) : line));
  line_is_open = !text.empty();
}

void Messages::line(std::string_view kind, std::string_view text) const {
  const std::string start = program_ + ": " + std::string(kind);
  const std::string rest = shorten_message(escape_controls(text), kLongestLine - start.size());
  const std::lock_guard lock(mutex);
  write(clear_line() + start + rest + "\n");
  line_is_open = false;
}

}  // namespace claptools::cmd
