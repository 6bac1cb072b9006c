#include "cmd/program/line_source.hpp"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/lines.hpp"

namespace claptools::cmd {
namespace {

constexpr std::size_t kLongestLine = std::size_t{1} << 20;

}  // namespace

LineSource::LineSource(const std::string& path, std::string prompt) : in_(path, nullptr) {
  const bool types = path == "-" && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
  if (types) prompt_ = std::move(prompt);
}

std::vector<std::string> LineSource::next(std::size_t most) {
  std::vector<std::string> lines;
  std::string line;
  while (lines.size() < most) {
    if (take(line)) {
      lines.push_back(std::move(line));
    } else if (ended_ || (!lines.empty() && !in_.is_ready())) {
      break;
    } else {
      fill();
    }
  }
  return lines;
}

/// The last line may lack its line break.
bool LineSource::take(std::string& line) {
  const std::size_t end = buffer_.find('\n', begin_);
  const bool is_whole = end != std::string::npos;
  if (!is_whole && (!ended_ || begin_ == buffer_.size())) {
    if (buffer_.size() - begin_ <= kLongestLine) return false;
  }
  line = buffer_.substr(begin_, is_whole ? end - begin_ : std::string::npos);
  begin_ = is_whole ? end + 1 : buffer_.size();
  ++number_;
  if (line.ends_with('\r')) line.pop_back();
  check(line);
  return true;
}

void LineSource::check(const std::string& line) const {
  const std::string where = "line " + std::to_string(number_);
  if (line.size() > kLongestLine)
    throw Error(Fault::data, in_.subject(), where + " is longer than 1 MiB");
  if (const auto fault = find_text_fault(line))
    throw Error(Fault::data, in_.subject(), where + ", " + *fault);
}

void LineSource::fill() {
  if (!prompt_.empty()) std::fputs(prompt_.c_str(), stderr);
  buffer_.erase(0, std::exchange(begin_, 0));
  ended_ = in_.sgetc() == std::char_traits<char>::eof();
  if (ended_) return;
  const std::streamsize count = in_.in_avail();
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + static_cast<std::size_t>(count));
  in_.sgetn(buffer_.data() + kept, count);
}

}  // namespace claptools::cmd
