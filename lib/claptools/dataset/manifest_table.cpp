#include <algorithm>
#include <cctype>
#include <initializer_list>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/dataset/manifest_builder.hpp"
#include "claptools/manifests/audio_names.hpp"

namespace claptools {
namespace {

using Column = std::optional<std::size_t>;

/// The first of these columns that the table has.
Column find_any(const Table& table, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const Column column = table.find(name)) return column;
  return std::nullopt;
}

bool is_caption(std::string_view column) {
  if (column == "caption" || column == "text") return true;
  if (!column.starts_with("caption_")) return false;
  const std::string_view number = column.substr(8);
  return !number.empty() &&
         std::ranges::all_of(number, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// What the columns of a table mean.
struct Layout {
  Column id, duration, label;
  std::vector<std::size_t> captions;
};

Layout find_layout(const Table& table, const std::string& path) {
  Layout layout{
      find_any(table, {"id", "youtube_id"}), table.find("duration"), table.find("label"), {}};
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (is_caption(table.columns[i])) layout.captions.push_back(i);
  if (layout.captions.empty()) table.require("caption", path);
  return layout;
}

/// What an item without any audio lacks.
std::string describe_missing(std::string_view pattern) {
  const std::size_t open = std::min(pattern.find('{'), pattern.size());
  const std::size_t close = std::min(pattern.find('}', open), pattern.size());
  if (open == close) return "no audio file named";
  return "neither a column 'audio' nor a column '" +
         std::string(pattern.substr(open + 1, close - open - 1)) + "' for its name";
}

/// Whether some column names the audio, or all are there that --audio-name is made of.
void require_audio(const Table& table, const ManifestBuilder& builder) {
  if (std::ranges::any_of(kAudioColumns, [&](auto name) { return table.find(name).has_value(); }))
    return;
  const auto any_value = [&](const std::string& name) {
    return table.find(name) ? std::optional<std::string>("x") : std::nullopt;
  };
  if (builder.find_audio(any_value).empty())
    throw Error(Fault::data, builder.path(), describe_missing(builder.options().audio_name));
}

}  // namespace

void read_table_manifest(ManifestBuilder& builder) {
  const Table table = read_table_file(builder.path());
  const Layout layout = find_layout(table, builder.path());
  require_audio(table, builder);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::string where = "line " + std::to_string(table.lines[i]);
    const auto field = [&](const Column& column) {
      return column ? table.rows[i][*column] : std::string();
    };
    ManifestItem item;
    item.audio.path = builder.find_audio([&](const std::string& name) {
      const Column column = table.find(name);
      return column ? std::optional(table.rows[i][*column]) : std::nullopt;
    });
    item.id = field(layout.id);
    item.label = field(layout.label);
    item.duration_s = builder.parse_duration(field(layout.duration), where);
    for (const std::size_t column : layout.captions) item.captions.push_back(field(column));
    builder.add(std::move(item), where);
  }
}

}  // namespace claptools
