#include "claptools/dataset/manifest_item.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>

#include "claptools/core/strings/json.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/manifests/audio_names.hpp"

namespace claptools {
namespace {

using Kind = Field::Kind;

/// A text, or a number as it is written; empty where it is missing.
std::string text_at(const Record& record, const std::string& key) {
  const Field* field = record.find(key);
  if (field == nullptr) return {};
  if (field->kind != Kind::text && field->kind != Kind::number)
    record.fail("'" + key + "' is not a text");
  return field->value;
}

/// What may name the audio: other things have such keys, too.
std::optional<std::string> name_at(const Record& record, const std::string& key) {
  const Field* field = record.find(key);
  if (field == nullptr) return std::nullopt;
  const bool is_name = field->kind == Kind::text || field->kind == Kind::number;
  return is_name || key == "audio" ? std::optional(text_at(record, key)) : std::nullopt;
}

/// Nothing if a column of the pattern is missing.
std::optional<std::string> fill_pattern(std::string_view pattern, const Record& record) {
  std::string name;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    const std::size_t close = pattern.find('}', open);
    name += pattern.substr(0, close == pattern.npos ? close : open);
    if (close == pattern.npos) break;
    const auto value = name_at(record, std::string(pattern.substr(open + 1, close - open - 1)));
    if (!value) return std::nullopt;
    name += *value;
    pattern.remove_prefix(close + 1);
  }
  return name;
}

/// Empty if there is none.
std::string find_audio(const Record& record, const std::string& audio_name) {
  constexpr std::string_view kPlaceholder = "wav_path";  // of WavCaps' published files
  const auto value = [&](const char* name) { return name_at(record, name).value_or(""); };
  if (std::string path = value("audio"); !path.empty() && path != kPlaceholder) return path;
  const auto named = fill_pattern(audio_name, record);
  if (named && audio_name != ManifestOptions().audio_name) return *named;
  for (const char* name : kAudioColumns)
    if (std::string path = value(name); !path.empty()) return path;
  return named.value_or("");
}

double read_duration(const Record& record) {
  const std::string text = text_at(record, "duration");
  if (text.empty()) return 0;
  const auto value = parse<double>(text);
  if (!value || !std::isfinite(*value) || *value < 0)
    record.fail("duration '" + text + "' is not a number of seconds");
  return *value;
}

/// A count of JSON.
std::size_t read_count(const Record& record, const std::string& key, std::size_t otherwise) {
  const Field* field = record.find(key);
  if (field == nullptr) return otherwise;
  const auto count = parse<std::size_t>(field->value);
  if (!count || field->kind != Kind::number) record.fail("'" + key + "' is not a number");
  return *count;
}

/// Of a table.
bool is_caption(std::string_view column) {
  if (column == "caption" || column == "text") return true;
  if (!column.starts_with("caption_")) return false;
  const std::string_view number = column.substr(8);
  return !number.empty() &&
         std::ranges::all_of(number, [](unsigned char c) { return std::isdigit(c) != 0; });
}

void add_texts(const Record& record, const std::string& key, std::vector<std::string>& captions) {
  const Field* field = record.find(key);
  if (field == nullptr) return;
  if (field->kind != Kind::list) return captions.push_back(text_at(record, key));
  JsonMembers list(field->value);
  while (const auto caption = list.next()) {
    if (!caption->value.starts_with('"')) record.fail("'" + key + "' is not a list of texts");
    captions.push_back(json_string(caption->value));
  }
}

/// caption_1, caption_2 ...
void add_numbered(const Record& record, std::size_t per_audio, std::vector<std::string>& captions) {
  const std::size_t wanted = read_count(record, "num_captions", per_audio);
  const bool told = wanted > 1 && captions.empty();
  for (std::size_t i = 1; !told || i <= wanted; ++i) {
    const std::string key = "caption_" + std::to_string(i);
    if (record.find(key) != nullptr) {
      captions.push_back(text_at(record, key));
    } else if (told) {
      record.fail("'" + key + "' is missing of " + std::to_string(wanted) + " captions");
    } else {
      return;
    }
  }
}

/// What an item without any audio lacks.
std::string describe_missing(std::string_view pattern) {
  const std::size_t open = std::min(pattern.find('{'), pattern.size());
  const std::size_t close = std::min(pattern.find('}', open), pattern.size());
  if (open == close) return "no audio file named";
  return "neither a column 'audio' nor a column '" +
         std::string(pattern.substr(open + 1, close - open - 1)) + "' for its name";
}

}  // namespace

std::size_t read_header(const Record& header, const std::string& audio_name) {
  if (!header.is_row) return read_count(header, "num_captions_per_audio", 0);
  if (std::ranges::none_of(header.fields, is_caption, &Field::name))
    header.fail("column 'caption' is missing");
  if (std::ranges::any_of(kAudioColumns, [&](auto name) { return header.find(name); })) return 0;
  if (find_audio(header, audio_name).empty()) header.fail(describe_missing(audio_name));
  return 0;
}

ManifestItem read_item(const Record& record, const std::string& audio_name, std::size_t per_audio) {
  ManifestItem item;
  item.audio.path = find_audio(record, audio_name);
  item.id = text_at(record, record.is_row && !record.find("id") ? "youtube_id" : "id");
  item.label = text_at(record, "label");
  item.duration_s = read_duration(record);
  if (record.is_row) {
    for (const Field& field : record.fields)
      if (is_caption(field.name)) item.captions.push_back(field.value);
  } else {
    for (const char* key : {"caption", "captions", "text"}) add_texts(record, key, item.captions);
    add_numbered(record, per_audio, item.captions);
  }
  return item;
}

}  // namespace claptools
