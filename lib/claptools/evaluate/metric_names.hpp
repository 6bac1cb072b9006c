#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/metrics/psds/psds.hpp"

namespace claptools {

/// @param subject what asks for the metric, for the message. @param known names without parts.
/// @throws Error{usage} naming the metrics there are, if `name` is none of them, not a part of one
/// and nothing that one is a part of.
void require_known(const std::string& name, std::string_view subject,
                   std::span<const std::string> known);

/// Adds the names of more PSDS. @throws Error{usage} naming `psds` for one that is taken.
void append_psds(std::span<const NamedPsds> psds, std::vector<std::string>& names);

}  // namespace claptools
