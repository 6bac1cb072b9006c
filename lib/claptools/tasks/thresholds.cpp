#include "claptools/tasks/thresholds.hpp"

#include <optional>
#include <unordered_map>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/tasks/lines.hpp"

namespace claptools {
namespace {

std::optional<double> parse_threshold(std::string_view text) {
  const auto value = parse<double>(text);
  return value && *value >= -1 && *value <= 1 ? value : std::nullopt;
}

}  // namespace

std::vector<double> read_thresholds(std::istream& in, std::string_view subject,
                                    std::span<const std::string> labels, double otherwise) {
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < labels.size(); ++i) index.emplace(labels[i], i);
  std::vector<std::optional<double>> own(labels.size());
  visit_labelled(
      in, subject, {"threshold"}, [&](std::vector<std::string> fields, const std::string& where) {
        const auto value = fields.size() == 2 ? parse_threshold(fields[1]) : std::nullopt;
        if (!value) {
          throw Error(Fault::data, subject, where + "is not label, tab, number from -1 to 1");
        }
        auto found = index.find(fields[0]);
        if (found == index.end()) found = index.find(unescape_tsv(fields[0]));
        if (found == index.end()) {
          throw Error(Fault::data, subject, where + "'" + fields[0] + "' is not one of the labels");
        }
        if (own[found->second]) {
          throw Error(Fault::data, subject, where + "label '" + fields[0] + "' occurs twice");
        }
        own[found->second] = value;
      });
  std::vector<double> thresholds;
  thresholds.reserve(own.size());
  for (const auto& value : own) thresholds.push_back(value.value_or(otherwise));
  return thresholds;
}

}  // namespace claptools
