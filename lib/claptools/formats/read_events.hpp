#pragma once

#include <string>
#include <vector>

#include "claptools/metrics/sed/ground_truth.hpp"

namespace claptools {

/// Events from a table with the columns filename, onset, offset and event_label, or from labels in
/// one of event_formats(); which of them it is, the text shows, or for an empty one the extension.
/// Labels that do not say of which recording they are get the name of their file without its
/// extension.
///
/// A folder of labels is read as a whole: the files that its recordings.tsv lists, with the
/// recordings' names, or else all files with an extension of event_formats(), with names relative
/// to the folder.
/// @param path "-" is standard input.
/// @throws Error{no_input}, {io}; {data} naming file and line.
std::vector<EventRow> read_events(const std::string& path);

}  // namespace claptools
