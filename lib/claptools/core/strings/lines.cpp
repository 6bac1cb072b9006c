#include "claptools/core/strings/lines.hpp"

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/utf8.hpp"

namespace claptools {
namespace {

constexpr std::size_t kLongestLine = 16 << 20;
constexpr std::size_t kBeginning = 512;  // enough to know a tar file
constexpr const char* kNul = ": a NUL, which is not text";
constexpr std::string_view kMark = "\xEF\xBB\xBF";

bool is_utf16(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
}

/// Bytes before the first that is not UTF-8, or is NUL.
std::size_t sound_bytes(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<signed char>(text[at]) > 0) {  // ASCII, quickly; char may be unsigned
      ++at;
      continue;
    }
    const Utf8Char c = decode_utf8(text.substr(at));
    if (!c.valid || c.code_point == 0) break;
    at += c.length;
  }
  return at;
}

}  // namespace

std::optional<std::string> find_text_fault(std::string_view text) {
  if (is_utf16(text)) return "byte 1: UTF-16, not UTF-8; iconv -f UTF-16 -t UTF-8 converts it";
  const std::size_t at = sound_bytes(text);
  if (at == text.size()) return std::nullopt;
  const std::string place = "byte " + std::to_string(at + 1);
  if (text[at] == '\0') return place + kNul;
  return place + ": not UTF-8 (" + escape_controls(text.substr(at, 1)) +
         "); iconv -f WINDOWS-1252 -t UTF-8 converts Western texts";
}

void check_text(std::string_view text, std::string_view subject) {
  if (const auto fault = find_text_fault(text)) throw Error(Fault::data, subject, *fault);
}

bool LineReader::read(std::string& line) {
  line.clear();
  if (at_end_) return false;
  ++number_;
  std::streambuf& bytes = *in_.rdbuf();
  for (auto c = bytes.sbumpc(); c != end_; c = bytes.sbumpc()) {
    if (c == std::char_traits<char>::eof()) {
      at_end_ = true;
      return !line.empty();
    }
    if (line.size() == kLongestLine)
      throw Error(Fault::data, subject_,
                  "line " + std::to_string(number_) + " is longer than 16 MiB; not lines of text");
    line += static_cast<char>(c);
  }
  return true;
}

bool LineReader::next(std::string& line) {
  if (!read(line)) return false;
  if (number_ == 1 && line.starts_with(kMark)) line.erase(0, kMark.size());
  if (beginning_.size() < kBeginning) {
    beginning_.append(line, 0, kBeginning - beginning_.size());
    beginning_ += end_;
  }
  if (end_ == '\n' && line.ends_with('\r')) line.pop_back();
  return true;
}

bool LineReader::next_name(std::string& line) {
  if (!next(line)) return false;
  check_nul(line);
  return true;
}

bool LineReader::next_text(std::string& line) {
  if (!next(line)) return false;
  check_text(line);
  return true;
}

void LineReader::check_text(std::string_view line) const {
  const auto fault = find_text_fault(line);
  if (!fault) return;
  if (number_ == 1 || line.find('\0') != line.npos) check_kind();
  throw Error(Fault::data, subject_, "line " + std::to_string(number_) + ", " + *fault);
}

void LineReader::check_kind() const {
  const std::string_view kind = name_of_binary(beginning_);
  if (!kind.empty())
    throw Error(Fault::data, subject_, "is " + std::string(kind) + ", not lines of text");
}

/// Names end at a NUL for the system: what comes after it would be lost in silence.
void LineReader::check_nul(std::string_view line) const {
  const std::size_t at = line.find('\0');
  const bool is_tar = end_ == '\0' && name_of_binary(beginning_) == "a tar file";
  if (at == line.npos && !is_tar) return;
  check_kind();
  const bool is_wide = is_utf16(beginning_);
  throw Error(
      Fault::data, subject_,
      "line " + std::to_string(number_) + ", " +
          (is_wide ? *find_text_fault(beginning_) : "byte " + std::to_string(at + 1) + kNul));
}

}  // namespace claptools
