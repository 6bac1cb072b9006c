#include "cmd/program/line_source.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/lines.hpp"

namespace claptools::cmd {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;
constexpr std::size_t kLongestLine = std::size_t{1} << 20;

}  // namespace

std::vector<std::string> LineSource::next(std::size_t most) {
  std::vector<std::string> lines;
  std::string line;
  while (lines.size() < most) {
    if (take(line)) {
      lines.push_back(std::move(line));
    } else if (ended_ || (!lines.empty() && !is_ready(0))) {
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
    throw Error(Fault::data, subject_, where + " is longer than 1 MiB");
  if (const auto fault = find_text_fault(line))
    throw Error(Fault::data, subject_, where + ", " + *fault);
}

bool LineSource::is_ready(int timeout_ms) const {
  ::pollfd state{descriptor_, POLLIN, 0};
  return ::poll(&state, 1, timeout_ms) > 0;
}

void LineSource::fill() {
  buffer_.erase(0, std::exchange(begin_, 0));
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + kBlock);
  ::ssize_t count = -1;
  while ((count = ::read(descriptor_, buffer_.data() + kept, kBlock)) < 0) {
    if (errno == EAGAIN) is_ready(-1);
    if (errno == EAGAIN || errno == EINTR) continue;
    const int reason = errno;
    buffer_.resize(kept);
    const Fault fault = reason == EIO ? Fault::io : Fault::no_input;
    throw Error(fault, subject_, std::generic_category().message(reason));
  }
  buffer_.resize(kept + static_cast<std::size_t>(count));
  ended_ = count == 0;
}

}  // namespace claptools::cmd
