#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace claptools {

/// The licence that the front matter of a model card names: `license`, or `license_name` where that
/// is "other". Empty if it names none.
std::string licence_in(std::string_view card);

/// The same of the README.md in a model directory. Empty for a checkpoint, and where there is none.
/// @throws Error{no_input} if it cannot be read.
std::string licence_of(const std::filesystem::path& model);

}  // namespace claptools
