#include "claptools/runs/run_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/core/strings/utf8.hpp"

namespace claptools {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kNotOurs = " is not of a report";
constexpr std::size_t kMaxKeys = 1000;  // ordered_json looks them up one by one

/// JSON is UTF-8; other names can be had back from `id_hex`.
std::string to_hex(const std::string& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

}  // namespace

std::string report_line(const PartInput& input, const InputError* failure) {
  Json line{{"id", replace_invalid_utf8(input.id)}};
  if (!is_utf8(input.id)) line["id_hex"] = to_hex(input.id);
  line["status"] = failure == nullptr ? "ok" : "failed";
  if (failure != nullptr) {
    line["stage"] = failure->stage;
    line["reason"] = replace_invalid_utf8(failure->message);
  }
  if (!input.warning.empty()) line["warning"] = replace_invalid_utf8(input.warning);
  line["audio_s"] = input.seconds;
  line["wall_s"] = input.wall_s;
  return escape_json(line.dump()) + "\n";
}

std::string summary_line(const RunTotals& totals) {
  const Json line{{"status", "summary"},
                  {"inputs", totals.inputs},
                  {"failed", totals.failed},
                  {"audio_s", totals.audio_s},
                  {"wall_s", totals.wall_s},
                  {"x_real_time", totals.fresh_audio_s / std::max(totals.wall_s, 1e-3)}};
  return line.dump() + "\n";
}

std::unordered_set<std::string> read_failed(const std::string& report) {
  InputStream in(report);
  LineReader lines(in, report);
  std::unordered_set<std::string> failed;
  for (std::string text; lines.next(text);) {
    const std::string where = "line " + std::to_string(lines.number());
    if (const auto fault = find_json_fault(text, {.keys = kMaxKeys}))
      throw Error(Fault::data, report, where + kNotOurs + ": " + *fault);
    try {
      const Json line = Json::parse(text);
      if (line.at("status") != "failed") continue;
      failed.insert(line.contains("id_hex") ? from_hex(line["id_hex"].get<std::string>())
                                            : line.at("id").get<std::string>());
    } catch (const std::exception&) {
      throw Error(Fault::data, report, where + kNotOurs);
    }
  }
  return failed;
}

bool has_failed(const AudioInput& input, const std::unordered_set<std::string>& failed) {
  return failed.contains(input.id) ||
         (!input.audio.member.empty() && failed.contains(input.audio.path));
}

}  // namespace claptools
