#include "claptools/runs/run_header.hpp"

#include "claptools/core/strings/number.hpp"
#include "claptools/store/vector_space.hpp"

namespace claptools {
namespace {

std::string describe_type(bool half) { return half ? "dtype=f16" : "dtype=f32"; }

}  // namespace

void describe_audio(const EmbedOptions& options, const Model& model, EmbeddingHeader& header) {
  const AudioSpec& audio = model.spec().audio;
  header.sample_rate = audio.sample_rate;
  header.window_s = options.window_s;
  header.hop_s = options.hop_s;
  header.short_audio = to_string(options.short_audio);
  header.space = name_space(
      name_space(model.spec().family, header.model_sha256, audio.front_end),
      {options.window_s, header.short_audio, to_string(options.pooling), header.precision});
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
  std::string text = "window=" + number_text(options.window_s) +
                     " hop=" + number_text(options.hop_s) +
                     " min-tail=" + number_text(options.min_tail_s) + " short=";
  text += to_string(options.short_audio);
  text += " pool=";
  text += to_string(options.pooling);
  text += options.frames ? " frames=1 " : " frames=0 ";
  if (options.max_duration_s > 0)
    text += "max-duration=" + number_text(options.max_duration_s) + " ";
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
  if (!header.shard_deal.empty()) lines += "deal=" + header.shard_deal + "\n";
  for (const std::string& column : header.meta_columns) lines += "column=" + column + "\n";
  return lines;
}

}  // namespace claptools
