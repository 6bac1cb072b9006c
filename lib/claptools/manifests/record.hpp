#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/strings/json.hpp"

namespace claptools {

/// A value of a manifest, under its column or key.
struct Field {
  enum class Kind { text, number, list, other, null };  ///< as JSON has it; tables hold text

  std::string name;
  std::string value;  ///< a text as it is, null as "", all else as JSON without spaces
  Kind kind = Kind::text;
};

/// What a manifest says of one recording.
struct Record {
  std::string path, where = {};    ///< its file, and the place there ("line 7"), for messages
  bool is_row = false;             ///< of a table
  std::vector<Field> fields = {};  ///< in the order of the file

  /// Null if there is no such field or its value is null.
  const Field* find(std::string_view name) const;

  /// @throws Error{data} "PATH: WHERE: reason".
  [[noreturn]] void fail(const std::string& reason) const;

  /// Takes its fields from a JSON object.
  /// @throws Error{data} as fail(), for what is not one, or a text in it that holds a NUL.
  void read_json(std::string_view text, const JsonLimits& limits = {});
};

using RecordSink = std::function<void(Record& record)>;

/// The records of a manifest, whose form is recognised by the extension:
/// - `.json`: a list of objects ("item 1"), or an object ("manifest") with such a list as `data`;
/// - `.jsonl`, `.ndjson`: one object per line, blank ones skipped;
/// - else a table (read_table_file).
/// @param header gets first what is about all records: the columns of a table, as fields that have
/// their names as values; the other members of the object of a `.json`, or none.
/// @param limits of each object.
/// @throws Error{no_input}, {io}; {data} naming file, line or item, and reason.
void read_records(const std::string& path, const RecordSink& header, const RecordSink& add,
                  const JsonLimits& limits = {});

}  // namespace claptools
