#include "claptools/evaluate/metric_names.hpp"

#include <algorithm>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/join.hpp"
#include "claptools/core/strings/suggest.hpp"
#include "claptools/metrics/metric_selection.hpp"

namespace claptools {

void require_known(const std::string& name, std::string_view subject,
                   std::span<const std::string> known) {
  const bool is_known = std::ranges::any_of(
      known, [&](const auto& other) { return is_part_of(name, other) || is_part_of(other, name); });
  if (is_known) return;
  std::string text = "there is no metric '" + name + "'; there are " + join(known, ", ");
  const std::string nearest = nearest_word(name, known);
  if (!nearest.empty()) text += "; did you mean '" + nearest + "'?";
  throw Error(Fault::usage, subject, text);
}

void append_psds(std::span<const NamedPsds> psds, std::vector<std::string>& names) {
  for (const auto& [name, parameters] : psds) {
    if (std::ranges::count(names, name) > 0) {
      throw Error(Fault::usage, "`psds`", "there is another '" + name + "'; set `psds.name`");
    }
    names.push_back(name);
  }
}

}  // namespace claptools
