#include "cmd/model/text_source.hpp"

#include <filesystem>
#include <utility>

#include "claptools/core/error.hpp"

namespace claptools::cmd {
namespace {

/// A mistyped file name would be embedded as a text without a word.
bool looks_like_a_file(const std::string& text) {
  return text.find(' ') == std::string::npos &&
         (text.find('/') != std::string::npos || text.ends_with(".txt"));
}

/// A folder holds no lines: `dog` is a text, also beside a folder of this name.
bool is_list(const std::string& argument) {
  if (argument == "-") return true;
  std::error_code code;
  const auto status = std::filesystem::status(argument, code);
  if (!std::filesystem::exists(status)) return false;
  if (!std::filesystem::is_directory(status)) return true;
  if (argument == "." || argument == ".." || argument.find('/') != std::string::npos)
    throw Error(Fault::data, argument, "is a directory");
  return false;
}

}  // namespace

TextSource::TextSource(std::vector<std::string> arguments, bool nul_separated,
                       const Messages& messages, const std::atomic<bool>& stop)
    : arguments_(std::move(arguments)),
      nul_separated_(nul_separated),
      messages_(messages),
      stop_(stop) {}

bool TextSource::next_line(std::string& line) {
  if (open_->lines.next_text(line)) return true;
  open_.reset();
  return false;
}

/// Takes the next argument. @return true if it is a text by itself.
bool TextSource::open_next(std::string& text) {
  const std::string& argument = arguments_[argument_++];
  if (is_list(argument)) {
    open_ =
        std::make_unique<List>(argument, nul_separated_ && argument == "-" ? '\0' : '\n', stop_);
    return false;
  }
  if (looks_like_a_file(argument)) messages_.warn(argument + ": no such file; taken as a text");
  check_text(argument, argument);
  text = argument;
  return true;
}

std::vector<std::string> TextSource::next(std::size_t count) {
  std::vector<std::string> texts;
  std::string text;
  while (texts.size() < count) {
    if (open_ ? next_line(text) : argument_ < arguments_.size() && open_next(text)) {
      texts.push_back(text);
    } else if (!open_ && argument_ == arguments_.size()) {
      break;
    }
  }
  return texts;
}

}  // namespace claptools::cmd
