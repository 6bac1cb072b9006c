#pragma once
// Internal to the room: the small text files that people write by hand.

#include <functional>
#include <initializer_list>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace claptools {

/// Receives the fields of a line, at least one, and its place for messages: "line 3: ".
using LineVisitor = std::function<void(std::vector<std::string> fields, const std::string& where)>;

enum class FirstField { text, file };  ///< names of files may have any bytes

/// The tab-separated fields of every line. Blank lines are skipped, a byte-order mark and carriage
/// returns dropped.
/// @throws Error{data} naming `subject`, line and byte for what is not UTF-8; what reading throws.
void visit_lines(std::istream& in, std::string_view subject, FirstField first,
                 const LineVisitor& visit);

/// The same of a file that may begin with a header: a first line, with tabs or commas, that names a
/// column `label` and one of `seconds`. Then the rest is a table (CSV or TSV), and a line's fields
/// are its label and that other column.
/// @return the column of `seconds` that the header names; empty without a header.
std::string visit_labelled(std::istream& in, std::string_view subject,
                           std::initializer_list<std::string_view> seconds,
                           const LineVisitor& visit);

}  // namespace claptools
