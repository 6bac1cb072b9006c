#include "claptools/manifests/record.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/core/strings/table.hpp"

namespace claptools {
namespace {

using Json = nlohmann::ordered_json;  // values keep the order of the file
using Kind = Field::Kind;

void check(std::string_view text, const Record& record, const JsonLimits& limits) {
  if (const auto fault = find_json_fault(text, limits)) record.fail(*fault);
}

/// Of a checked text, after spaces and the mark of UTF-8.
char first_character(std::string_view text) {
  return text[text.find_first_not_of(" \t\r\n\xEF\xBB\xBF")];
}

Kind kind_of(char first) {
  if (first == '"') return Kind::text;
  if (first == '[') return Kind::list;
  if (first == 'n') return Kind::null;
  return first == '{' || first == 't' || first == 'f' ? Kind::other : Kind::number;
}

/// @param member of a checked text.
Field to_field(const JsonMembers::Member& member, const Record& record) {
  Field field{json_string(member.key), {}, kind_of(member.value[0])};
  if (field.kind == Kind::text)
    field.value = json_string(member.value);
  else if (field.kind != Kind::null)
    field.value = Json::parse(member.value).dump();
  if (field.value.find('\0') != std::string::npos)
    record.fail("'" + shorten(field.name) + "' holds a NUL");
  return field;
}

void read_table(const std::string& path, const RecordSink& header, const RecordSink& add) {
  Table table = read_table_file(path);
  Record columns{path, {}, true};
  for (const std::string& column : table.columns) columns.fields.push_back({column, column});
  header(columns);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    Record record{path, "line " + std::to_string(table.lines[i]), true};
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      record.fields.push_back({table.columns[c], std::move(table.rows[i][c])});
    add(record);
  }
}

void read_lines(const std::string& path, const RecordSink& add, const JsonLimits& limits) {
  InputStream in(path);
  LineReader lines(in, path);
  for (std::string text; lines.next_text(text);) {
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    Record record{path, "line " + std::to_string(lines.number())};
    record.read_json(text, limits);
    add(record);
  }
}

/// @return the list of a checked text; what stands beside it goes to `manifest`.
std::string_view split_list(std::string_view text, Record& manifest) {
  if (first_character(text) != '{') return text;
  std::string_view list;
  JsonMembers members(text);
  while (const auto member = members.next()) {
    if (json_string(member->key) == "data") {
      list = member->value;
    } else {
      check(member->value, manifest, {});
      manifest.fields.push_back(to_field(*member, manifest));
    }
  }
  if (list.empty()) manifest.fail("'data' is missing");
  return list;
}

void read_list(const std::string& path, const RecordSink& header, const RecordSink& add,
               const JsonLimits& limits) {
  InputStream in(path);
  const std::string text = read_all(in);
  Record manifest{path, "manifest"};
  if (const auto fault = find_text_fault(text)) manifest.fail(*fault);
  constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
  check(text, manifest, {.values = kAny});  // items are parsed one by one
  const std::string_view list = split_list(text, manifest);
  header(manifest);
  if (first_character(list) != '[') manifest.fail("'data' is not a list");
  JsonMembers items(list);
  for (std::size_t i = 1; const auto item = items.next(); ++i) {
    Record record{path, "item " + std::to_string(i)};
    record.read_json(item->value, limits);
    add(record);
  }
}

}  // namespace

const Field* Record::find(std::string_view name) const {
  const auto at = std::ranges::find(fields, name, &Field::name);
  return at == fields.end() || at->kind == Kind::null ? nullptr : &*at;
}

void Record::fail(const std::string& reason) const {
  throw Error(Fault::data, path, where.empty() ? reason : where + ": " + reason);
}

void Record::read_json(std::string_view text, const JsonLimits& limits) {
  check(text, *this, limits);
  if (first_character(text) != '{') fail("not a JSON object");
  JsonMembers members(text);
  while (const auto member = members.next()) fields.push_back(to_field(*member, *this));
}

void read_records(const std::string& path, const RecordSink& header, const RecordSink& add,
                  const JsonLimits& limits) {
  if (path.ends_with(".json")) return read_list(path, header, add, limits);
  if (path.ends_with(".jsonl") || path.ends_with(".ndjson")) return read_lines(path, add, limits);
  read_table(path, header, add);
}

}  // namespace claptools
