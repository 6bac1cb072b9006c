#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "claptools/core/error.hpp"

namespace claptools {

/// The kind of file at a path, following symbolic links; `not_found` if there is none.
/// @throws Error{fault} with the system's reason if that cannot be determined: a loop of links, a
/// name that is too long, a folder that may not be searched. (Without it, `std::filesystem` throws
/// its own exception, which would end a tool as an internal error.)
std::filesystem::file_status status_of(const std::filesystem::path& path, Fault fault);

/// Whether it exists. @throws as status_of.
bool is_there(const std::filesystem::path& path, Fault fault);

/// The folder that a path lies in; "." for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& path);

/// `.NAME` + suffix beside the target. A name that would become too long is cut, and what was cut
/// goes in as a checksum, so that two names never share a hidden one.
std::filesystem::path hidden_beside(const std::filesystem::path& target, std::string_view suffix);

/// Syncs the names in a folder to disk. File systems that cannot do it for folders (some on
/// networks, FUSE) are left as they are, as are folders that may be written and not read.
/// @throws Error{io}.
void sync_folder(const std::filesystem::path& folder, std::string_view subject);

}  // namespace claptools
