#include "claptools/formats/read_events.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/core/strings/utf8.hpp"
#include "claptools/formats/event_format.hpp"
#include "claptools/formats/events/event_lines.hpp"
#include "claptools/formats/label_folder.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = "\xEF\xBB\xBF";  // of UTF-8

/// Praat writes UTF-16 where a text is not ASCII. @return UTF-8; empty if the text has no
/// byte-order mark of UTF-16.
std::string from_utf16(const std::string& text) {
  const bool is_big = text.starts_with("\xFE\xFF");
  if (!is_big && !text.starts_with("\xFF\xFE")) return {};
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    const auto second = static_cast<unsigned char>(text[at + 1]);
    return static_cast<char32_t>(is_big ? first << 8 | second : second << 8 | first);
  };
  std::string utf8;
  for (std::size_t at = 2; at + 1 < text.size(); at += 2) {
    char32_t c = unit(at);
    const bool is_high = c >= 0xD800 && c < 0xDC00 && at + 3 < text.size();
    const char32_t low = is_high ? unit(at + 2) : 0;
    if (low >= 0xDC00 && low < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
      at += 2;
    }
    append_utf8(utf8, c >= 0xD800 && c < 0xE000 ? U'\xFFFD' : c);
  }
  return utf8;
}

/// By the text, else by the name. @return null: a table.
const EventFormat* format_of(std::string_view text, const std::string& path) {
  const bool is_empty = first_line(text).empty();
  const auto fits = [&](const EventFormat* format) {
    if (!is_empty) return format->recognises(text);
    return format->recognises_empty && path.ends_with("." + std::string(format->ending));
  };
  const auto formats = event_formats();
  const auto found = std::ranges::find_if(formats, fits);
  return found == formats.end() ? event_format_of_name(path) : *found;
}

/// "a" of "labels/a.txt"; Raven names its tables "a.Table.1.selections.txt".
std::string stem_of(const fs::path& path) {
  std::string stem = fs::path(path).replace_extension().native();
  if (stem.ends_with(".selections")) stem.erase(std::min(stem.rfind(".Table."), stem.size()));
  return stem;
}

std::vector<EventRow> read_text(std::string text, const std::string& path,
                                const EventSource& source) {
  std::string decoded = from_utf16(text);
  if (text.starts_with(kMark)) decoded = text.substr(kMark.size());
  const std::string& labels = decoded.empty() ? text : decoded;
  const EventFormat* const format = format_of(labels, path);
  if (format == nullptr) {
    std::istringstream in(std::move(text));
    return parse_event_rows(read_table(in, source.subject), path);
  }
  std::vector<EventRow> rows = format->read(labels, source);
  if (rows.empty() && !format->holds_many) rows.push_back({source.recording, "", 0, 0, 0});
  return rows;
}

std::vector<EventRow> read_file(const std::string& path, std::string recording) {
  InputStream in(path);
  return read_text(read_all(in), path, {in.subject(), std::move(recording)});
}

/// What lies in a folder of labels.
struct LabelFile {
  fs::path file;
  std::string recording;
};

std::vector<LabelFile> listed_files(const fs::path& folder) {
  const std::string path = (folder / kRecordingsTable).native();
  const Table table = read_table_file(path, Delimiter::tab);
  const std::size_t name = table.require("filename", path), file = table.require("file", path);
  std::vector<LabelFile> files;
  for (const auto& row : table.rows) files.push_back({folder / unescape_tsv(row[file]), row[name]});
  return files;
}

std::vector<LabelFile> found_files(const fs::path& folder) {
  std::vector<LabelFile> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator it(folder, failed), end; !failed && it != end;
       it.increment(failed)) {
    const std::string name = it->path().native();
    const bool is_named = std::ranges::any_of(event_formats(), [&](const EventFormat* format) {
      return name.ends_with("." + std::string(format->ending));
    });
    if (is_named && it->is_regular_file(failed))
      files.push_back({it->path(), stem_of(it->path().lexically_relative(folder))});
  }
  if (failed) throw Error(Fault::no_input, folder.native(), failed.message());
  std::ranges::sort(files, {}, &LabelFile::file);
  return files;
}

std::vector<EventRow> read_folder(const fs::path& folder) {
  std::error_code none;
  const bool has_table = fs::exists(folder / kRecordingsTable, none);
  const auto files = has_table ? listed_files(folder) : found_files(folder);
  if (files.empty() && !has_table)
    throw Error(Fault::no_input, folder.native(), "is a folder without labels");
  std::vector<EventRow> rows;
  for (const auto& [file, recording] : files) {
    const auto own = read_file(file.native(), recording);
    rows.insert(rows.end(), own.begin(), own.end());
  }
  return rows;
}

}  // namespace

std::vector<EventRow> read_events(const std::string& path) {
  std::error_code none;
  if (path != "-" && fs::is_directory(path, none)) return read_folder(path);
  return read_file(path, stem_of(fs::path(path).filename()));
}

}  // namespace claptools
