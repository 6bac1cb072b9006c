#include "claptools/evaluate/moments/moments_file.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_set>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/metrics/lookup.hpp"

namespace claptools {
namespace {

const char* key_of(MomentKind kind) {
  return kind == MomentKind::relevant_windows ? "relevant_windows" : "pred_relevant_windows";
}

/// Reads one line, which passed check_json().
class LineParser {
 public:
  LineParser(const std::string& subject, std::size_t number, MomentKind kind)
      : subject_(subject), number_(number), kind_(kind) {}

  MomentLine parse(std::string_view text) const {
    if (first_of(text) != '{') fail("is not a JSON object");
    MomentLine line;
    bool has_moments = false;
    JsonMembers members(text);
    while (const auto member = members.next()) {
      const std::string key = json_string(member->key);
      if (key == "qid") line.qid = text_or_number(member->value, key);
      if (key == "query") line.query = text_or_number(member->value, key);
      if (key == "vid") line.vid = text_or_number(member->value, key);
      if (key != key_of(kind_)) continue;
      line.moments = moments(member->value);
      has_moments = true;
    }
    if (line.qid.empty()) fail("has no 'qid'");
    if (!has_moments) fail(std::string("has no '") + key_of(kind_) + "'");
    return line;
  }

  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(Fault::data, subject_, "line " + std::to_string(number_) + ": " + reason);
  }

 private:
  static char first_of(std::string_view text) {
    const std::size_t at = text.find_first_not_of(" \t\r\n");
    return at == text.npos ? '\0' : text[at];
  }

  std::string text_or_number(std::string_view value, const std::string& key) const {
    if (value.front() == '"') return json_string(value);
    if (!claptools::parse<double>(value)) fail("'" + key + "' is neither a text nor a number");
    return std::string(value);
  }

  std::vector<Moment> moments(std::string_view value) const {
    if (value.front() != '[') fail(std::string("'") + key_of(kind_) + "' is not a list");
    std::vector<Moment> moments;
    JsonMembers members(value);
    while (const auto member = members.next()) moments.push_back(moment(member->value));
    return moments;
  }

  Moment moment(std::string_view value) const {
    const bool is_truth = kind_ == MomentKind::relevant_windows;
    std::vector<double> numbers;
    if (value.front() == '[') {
      JsonMembers members(value);
      while (const auto member = members.next()) {
        const auto number = claptools::parse<double>(member->value);
        numbers.push_back(number && std::isfinite(*number) ? *number : NAN);
      }
    }
    const bool are_numbers = std::ranges::none_of(numbers, [](double n) { return std::isnan(n); });
    if (!are_numbers || numbers.size() != (is_truth ? 2U : 3U)) {
      fail("a moment is not " + std::string(is_truth ? "[start, end]" : "[start, end, score]"));
    }
    if (is_truth && numbers[0] >= numbers[1])
      fail("a moment ends at " + number_text(numbers[1]) + ", not after its start");
    return {numbers[0], numbers[1], is_truth ? 0 : numbers[2]};
  }

  const std::string& subject_;
  std::size_t number_;
  MomentKind kind_;
};

}  // namespace

std::vector<MomentLine> read_moments(const std::string& path, MomentKind kind) {
  InputStream in(path);
  const std::string subject = in.subject();
  LineReader lines(in, subject);
  std::vector<MomentLine> moments;
  std::unordered_set<std::string> seen;
  for (std::string text; lines.next_text(text);) {
    if (text.find_first_not_of(" \t") == text.npos) continue;
    const LineParser parser(subject, lines.number(), kind);
    if (const auto fault = find_json_fault(text)) parser.fail(*fault);
    moments.push_back(parser.parse(text));
    if (!seen.insert(moments.back().qid).second)
      parser.fail("duplicate qid " + quote_name(moments.back().qid));
  }
  return moments;
}

std::string prediction_line(const MomentLine& line) {
  std::string text = "{\"qid\": " + quote_json(line.qid) +
                     ", \"query\": " + quote_json(line.query) +
                     ", \"vid\": " + quote_json(line.vid) + ", \"pred_relevant_windows\": [";
  for (std::size_t i = 0; i < line.moments.size(); ++i) {
    const Moment& m = line.moments[i];
    text += (i > 0 ? ", [" : "[") + number_text(m.start_s) + ", " + number_text(m.end_s) + ", " +
            number_text(m.score) + "]";
  }
  return text + "]}\n";
}

}  // namespace claptools
