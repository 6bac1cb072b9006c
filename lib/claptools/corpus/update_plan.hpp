#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/files/file_stamp.hpp"
#include "claptools/store/file_record.hpp"

namespace claptools {

/// A recording that an index has rows of.
struct StoredFile {
  FileRecord record;      ///< only the id where no more is known of it
  bool in_scope = false;  ///< whether the inputs given now would hold it, were it still there
};

/// A recording that is there now.
struct FoundFile {
  std::string id;
  FileStamp stamp;      ///< size and time; of a shard's member, those of the shard
  bool is_file = true;  ///< and not a member
  std::optional<std::size_t> stored = {};  ///< the StoredFile that is this one
};

enum class UpdateAction {
  keep,     ///< the same file
  refresh,  ///< the same content, but another size or time is recorded, or none
  change,   ///< another content: embedded again
  add,      ///< a new recording
  move,     ///< has the content of a recording that is gone, and takes its rows
  copy,     ///< has the content of a recording that stays, and gets rows with its vectors
  skip,     ///< could not be embedded in this state before
  remove    ///< is gone
};

std::string_view to_string(UpdateAction action);

/// What is done with one recording.
struct PlannedFile {
  UpdateAction action = UpdateAction::keep;
  std::optional<std::size_t> found = {};   ///< none: remove
  std::optional<std::size_t> stored = {};  ///< the rows it has or takes; none: add, or skip without
  std::string sha256 = {};                 ///< of the content, if it was read

  bool operator==(const PlannedFile&) const = default;
};

struct UpdateRules {
  bool checksum = false;        ///< compare contents also where size and time are the same
  std::int64_t made_at_ns = 0;  ///< when the rows of files were made of which nothing is known
};

/// Reads the content of a found file. @return its SHA-256; empty if it cannot be read.
using ReadDigest = std::function<std::string(std::size_t found)>;

/// What makes an index hold the files found, each once, and what else is outside the scope. Files
/// of the same size and time are the same. Of others the content is read where one is recorded that
/// it may be the same as: one that is recorded is never embedded again.
/// @param failures recordings that could not be embedded. @param found without duplicate ids.
/// @return one for each file found, in their order, then those that are removed.
std::vector<PlannedFile> plan_update(std::span<const StoredFile> stored,
                                     std::span<const FailedFile> failures,
                                     std::span<const FoundFile> found, const UpdateRules& rules,
                                     const ReadDigest& read_digest);

}  // namespace claptools
