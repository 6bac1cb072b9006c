#include "claptools/core/strings/table.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/lines.hpp"

namespace claptools {
namespace {

/// Columns that name files, which need not be UTF-8.
constexpr std::array kNames = {"audio", "file",     "path", "file_name", "filename",
                               "fname", "audio_id", "wav",  "id"};

/// How the cells of a line are parted.
struct Dialect {
  char delimiter = '\t';
  bool quoted = false;  ///< a cell that begins with a quote ends with one
};

/// Cells of one record, and the first of its bytes that no text holds.
struct Record {
  std::vector<std::string> fields;
  std::size_t line = 0;  ///< that it begins on
  std::string fault;     ///< "line 3, byte 4: ..."
};

/// One cell of a tab separated table as spreadsheets write it if need be: with quotes within.
std::string unquoted(std::string&& field) {
  if (field.size() < 4 || !field.starts_with('"') || !field.ends_with('"')) return std::move(field);
  std::string inner;
  for (std::size_t i = 1; i + 1 < field.size(); ++i) {
    inner += field[i];
    if (field[i] == '"' && (field[++i] != '"' || i + 1 == field.size())) return std::move(field);
  }
  return inner.size() + 2 == field.size() ? std::move(field) : inner;
}

/// Records one after another, also those with line breaks inside quotes.
class RecordReader {
 public:
  RecordReader(std::istream& in, std::string_view subject)
      : lines_(in, subject), subject_(subject) {}

  void use(const Dialect& dialect) { dialect_ = dialect; }
  bool is_quoted_tsv() const { return dialect_.quoted && dialect_.delimiter == '\t'; }

  void check_text(const std::string& line) const { lines_.check_text(line); }

  /// The next line that is not empty.
  bool next_line(std::string& line) {
    do {
      if (!lines_.next(line)) return false;
    } while (line.empty());
    return true;
  }

  std::optional<Record> next() {
    std::string line;
    if (!next_line(line)) return std::nullopt;
    return split(line);
  }

  Record split(std::string& line) {
    Record record{{}, lines_.number(), {}};
    note_fault(line, record);
    if (dialect_.quoted) {
      split_quoted(line, record);
    } else {
      split_plain(line, record);
    }
    return record;
  }

 private:
  void note_fault(const std::string& line, Record& record) const {
    const auto fault = record.fault.empty() ? find_text_fault(line) : std::nullopt;
    if (fault) record.fault = "line " + std::to_string(lines_.number()) + ", " + *fault;
  }

  void split_plain(std::string_view line, Record& record) const {
    for (auto at = line.find('\t'); at != line.npos; at = line.find('\t')) {
      record.fields.push_back(unquoted(std::string(line.substr(0, at))));
      line.remove_prefix(at + 1);
    }
    record.fields.push_back(unquoted(std::string(line)));
  }

  void split_quoted(std::string& line, Record& record) {
    auto& fields = record.fields;
    fields.emplace_back();
    bool quoted = false, begins = true;
    for (std::size_t i = 0;; ++i) {
      if (i == line.size()) {
        if (!quoted) return;
        fields.back() += '\n';  // a quoted field goes on in the next line
        if (!lines_.next(line)) throw Error(Fault::data, subject_, "a quoted field is not closed");
        note_fault(line, record);
        i = static_cast<std::size_t>(-1);
        continue;
      }
      const char c = line[i];
      if (quoted) {
        if (c != '"')
          fields.back() += c;
        else if (i + 1 < line.size() && line[i + 1] == '"')
          fields.back() += line[i++];
        else
          quoted = false;
      } else if (c == '"' && begins) {
        quoted = true;
      } else if (c == dialect_.delimiter) {
        fields.emplace_back();
        begins = true;
        continue;
      } else {
        fields.back() += c;
      }
      begins = false;
    }
  }

  LineReader lines_;
  std::string_view subject_;
  Dialect dialect_;
};

bool is_all_quoted(std::string_view line, char delimiter) {
  return line.size() > 1 && line.starts_with('"') && line.ends_with('"') &&
         static_cast<std::size_t>(std::ranges::count(line, delimiter)) * 2 + 2 ==
             static_cast<std::size_t>(std::ranges::count(line, '"'));
}

/// What stands outside of quotes.
std::string without_quoted(std::string_view line) {
  std::string outside;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (!quoted) outside += c;
  }
  return outside;
}

/// By the line with the columns: tabs win over commas, and semicolons, which programs write where
/// the comma marks decimals, are taken where there is neither. A tab separated table is quoted if
/// all its columns are, as R and pandas do.
Dialect find_dialect(const std::string& header, Delimiter delimiter) {
  if (delimiter == Delimiter::comma) return {',', true};
  const std::string outside = without_quoted(header);
  const auto holds = [&](char c) { return outside.find(c) != std::string::npos; };
  if (delimiter == Delimiter::tab || holds('\t')) return {'\t', is_all_quoted(header, '\t')};
  return {holds(',') || !holds(';') ? ',' : ';', true};
}

void check_columns(const std::vector<std::string>& columns, std::string_view subject) {
  std::vector<std::string> sorted = columns;
  std::sort(sorted.begin(), sorted.end());
  const auto twin = std::adjacent_find(sorted.begin(), sorted.end());
  if (twin == sorted.end()) return;
  throw Error(Fault::data, subject,
              twin->empty() ? "two columns have no name" : "column '" + *twin + "' occurs twice");
}

/// Spreadsheets end lines with the delimiters of columns that were once there.
void drop_empty_end(std::vector<std::string>& fields, std::size_t columns) {
  while (fields.size() > columns && fields.back().empty()) fields.pop_back();
}

/// The columns; unnamed ones at the end are dropped.
std::vector<std::string> read_columns(RecordReader& reader, std::string_view subject,
                                      Delimiter delimiter) {
  std::string line;
  if (!reader.next_line(line)) throw Error(Fault::data, subject, "empty table");
  reader.check_text(line);
  const bool told = line.size() == 5 && line.starts_with("sep=");  // by Excel
  reader.use(told ? Dialect{line[4], true} : find_dialect(line, delimiter));
  if (told && !reader.next_line(line)) throw Error(Fault::data, subject, "empty table");
  Record record = reader.split(line);
  if (!record.fault.empty()) throw Error(Fault::data, subject, record.fault);
  drop_empty_end(record.fields, 1);
  check_columns(record.fields, subject);
  return std::move(record.fields);
}

void check_record(const Table& table, const Record& record, std::string_view subject) {
  if (record.fields.size() > table.columns.size()) {
    throw Error(Fault::data, subject,
                "line " + std::to_string(record.line) + " has " +
                    std::to_string(record.fields.size()) + " fields, the header " +
                    std::to_string(table.columns.size()));
  }
  if (record.fault.empty()) return;
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    const std::string& field = record.fields[i];
    const bool is_name = std::ranges::count(kNames, table.columns[i]) > 0;
    if (is_name ? field.find('\0') == field.npos : !find_text_fault(field)) continue;
    throw Error(Fault::data, subject, record.fault);
  }
}

}  // namespace

std::optional<std::size_t> Table::find(std::string_view column) const {
  const auto at = std::find(columns.begin(), columns.end(), column);
  if (at == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(at - columns.begin());
}

std::size_t Table::require(std::string_view column, std::string_view subject) const {
  if (const auto at = find(column)) return *at;
  throw Error(Fault::data, subject, "column '" + std::string(column) + "' is missing");
}

Table read_table(std::istream& in, std::string_view subject, Delimiter delimiter) {
  RecordReader reader(in, subject);
  Table table;
  table.columns = read_columns(reader, subject, delimiter);
  while (auto record = reader.next()) {
    // R names the rows, but not the column with their names.
    const bool has_row_names = record->fields.size() == table.columns.size() + 1;
    if (table.rows.empty() && has_row_names && reader.is_quoted_tsv())
      table.columns.insert(table.columns.begin(), "");
    drop_empty_end(record->fields, table.columns.size());
    check_record(table, *record, subject);
    record->fields.resize(table.columns.size());
    table.rows.push_back(std::move(record->fields));
    table.lines.push_back(record->line);
  }
  return table;
}

Table read_table_file(const std::string& path, Delimiter delimiter) {
  InputStream in(path);
  return read_table(in, in.subject(), delimiter);
}

}  // namespace claptools
