#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace claptools {

/// Names for one file of labels per recording, below one folder. The folders that all recordings
/// lie in are left out, those in which they differ are kept: "day1/a.wav" and "day2/a.wav" give
/// "day1/a.txt" and "day2/a.txt". Recordings that differ only in their extension keep it:
/// "a.wav.txt", "a.flac.txt". No name leads out of the folder.
/// @param ids distinct names of recordings. @param ending without the dot.
/// @return one per id.
/// @throws Error{usage} naming two recordings whose files would have the same name, or one that
/// lies more than 30 folders deep.
std::vector<std::string> label_file_names(std::span<const std::string> ids,
                                          std::string_view ending);

}  // namespace claptools
