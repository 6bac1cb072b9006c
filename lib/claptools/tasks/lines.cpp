#include "claptools/tasks/lines.hpp"

#include "claptools/core/strings/lines.hpp"

namespace claptools {
namespace {

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> fields;
  for (auto tab = line.find('\t'); tab != line.npos; tab = line.find('\t')) {
    fields.emplace_back(line.substr(0, tab));
    line.remove_prefix(tab + 1);
  }
  fields.emplace_back(line);
  return fields;
}

}  // namespace

void visit_lines(std::istream& in, std::string_view subject, FirstField first,
                 const LineVisitor& visit) {
  LineReader lines(in, subject);
  for (std::string line; lines.next(line);) {
    const std::size_t end_of_name =
        first == FirstField::file ? std::min(line.find('\t'), line.size()) : 0;
    const bool is_name = line.find('\0') >= end_of_name;
    if (!is_name || find_text_fault(std::string_view(line).substr(end_of_name)))
      lines.check_text(line);
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    visit(split(line), "line " + std::to_string(lines.number()) + ": ");
  }
}

}  // namespace claptools
