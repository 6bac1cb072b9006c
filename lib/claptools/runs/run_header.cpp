#include "claptools/runs/run_header.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace claptools {
namespace {

/// The shortest decimals that read back as the same number; powers of ten only where it is very
/// small or large.
std::string decimals(double value) {
  const bool is_plain = value == 0 || (std::abs(value) >= 1e-4 && std::abs(value) < 1e16);
  const auto format = is_plain ? std::chars_format::fixed : std::chars_format::scientific;
  std::array<char, 32> text{};
  const auto [end, code] = std::to_chars(text.data(), text.data() + text.size(), value, format);
  return {text.data(), end};
}

std::string describe_type(bool half) { return half ? "dtype=f16" : "dtype=f32"; }

}  // namespace

void describe_audio(const EmbedOptions& options, const Model& model, EmbeddingHeader& header) {
  const AudioSpec& audio = model.spec().audio;
  header.sample_rate = audio.sample_rate;
  header.window_s = options.window_s;
  header.hop_s = options.hop_s;
  header.short_audio = to_string(options.short_audio);
  header.frame_hop_s = options.frames ? options.window_s / static_cast<double>(audio.frames) : 0;
}

std::string describe_reading(const EmbedOptions& options) {
  const StreamChoice& stream = options.stream;
  std::string text;
  if (!stream.is_best())
    text += "stream=" + (stream.number < 0 ? stream.language : std::to_string(stream.number)) + " ";
  if (options.time_zero == TimeZero::container) text += "time-zero=container ";
  return text;
}

std::string describe_options(const EmbedOptions& options, bool half) {
  std::string text = "window=" + decimals(options.window_s) + " hop=" + decimals(options.hop_s) +
                     " min-tail=" + decimals(options.min_tail_s) + " short=";
  text += to_string(options.short_audio);
  text += " pool=";
  text += to_string(options.pooling);
  text += options.frames ? " frames=1 " : " frames=0 ";
  if (options.max_duration_s > 0) text += "max-duration=" + decimals(options.max_duration_s) + " ";
  return text + describe_reading(options) + describe_type(half);
}

std::string describe_text_options(bool clean_captions, bool half) {
  return (clean_captions ? "clean-captions=1 " : "clean-captions=0 ") + describe_type(half);
}

std::string run_fingerprint(const EmbeddingHeader& header, const RunConditions& conditions) {
  const std::string kind_of_device = conditions.device.substr(0, conditions.device.find(':'));
  std::string lines = "kind=" + header.kind + "\ntool=" + header.tool +
                      "\nmodel=" + header.model_sha256 + "\nconfig=" + conditions.config_sha256 +
                      "\noptions=" + header.options + "\nprecision=" + header.precision +
                      "\nbatch=" + std::to_string(conditions.batch) + "\ndevice=" + kind_of_device +
                      "\nshard=" + std::to_string(header.shard_index) + "/" +
                      std::to_string(header.shard_count) + "\n";
  for (const std::string& column : header.meta_columns) lines += "column=" + column + "\n";
  return lines;
}

}  // namespace claptools
