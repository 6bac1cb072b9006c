#include <algorithm>
#include <cctype>
#include <initializer_list>

#include "mgaclap/core/error.hpp"
#include "mgaclap/core/table.hpp"
#include "mgaclap/dataset/manifest_builder.hpp"

namespace mgaclap {
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
  Column audio, id, duration, label;
  std::vector<std::size_t> captions;
};

Layout find_layout(const Table& table, const std::string& path) {
  Layout layout{find_any(table, {"audio", "file", "path", "file_name"}),
                find_any(table, {"id", "youtube_id"}),
                table.find("duration"),
                table.find("label"),
                {}};
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (is_caption(table.columns[i])) layout.captions.push_back(i);
  if (layout.captions.empty()) table.require("caption", path);
  return layout;
}

/// `pattern` with the row's values for {COLUMN}.
std::string fill_pattern(std::string_view pattern, const Table& table, std::size_t row,
                         const std::string& path) {
  std::string name;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    const std::size_t close = pattern.find('}', open);
    name += pattern.substr(0, close == std::string_view::npos ? close : open);
    if (close == std::string_view::npos) break;
    const std::string_view column = pattern.substr(open + 1, close - open - 1);
    if (!table.find(column))
      throw Error(
          Fault::data, path,
          "neither a column 'audio' nor a column '" + std::string(column) + "' for its name");
    name += table.rows[row][*table.find(column)];
    pattern.remove_prefix(close + 1);
  }
  return name;
}

}  // namespace

void read_table_manifest(ManifestBuilder& builder) {
  const Table table = read_table_file(builder.path());
  const Layout layout = find_layout(table, builder.path());
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::string where = "line " + std::to_string(table.lines[i]);
    const auto field = [&](const Column& column) {
      return column ? table.rows[i][*column] : std::string();
    };
    ManifestItem item;
    item.audio.path = layout.audio
                          ? field(layout.audio)
                          : fill_pattern(builder.options().audio_name, table, i, builder.path());
    item.id = field(layout.id);
    item.label = field(layout.label);
    item.duration_s = builder.parse_duration(field(layout.duration), where);
    for (const std::size_t column : layout.captions) item.captions.push_back(field(column));
    builder.add(std::move(item), where);
  }
}

}  // namespace mgaclap
