#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "claptools/core/files/output_lock.hpp"
#include "claptools/core/files/scratch.hpp"
#include "claptools/formats/event_format.hpp"

namespace claptools {

/// The table in a folder of labels: a recording per row, in the columns filename, duration
/// (seconds) and file. It is a table of durations for clap-eval as well.
inline constexpr const char* kRecordingsTable = "recordings.tsv";

/// Whether a folder may be replaced: it is empty, or has its table and no file that the table does
/// not list. @throws Error{cannot_create} if it is not, or if the path is not a folder.
void require_label_folder(const std::string& path);

/// A folder with a file of labels per recording and a table of them. It appears as a whole when it
/// is closed, or not at all.
class LabelFolder {
 public:
  /// @param ids the recordings that may come, for their names (label_file_names).
  /// @throws Error{usage} as label_file_names; {cannot_create} if the folder exists and not
  /// overwrite, or as require_label_folder, or if it cannot be made.
  LabelFolder(const std::string& path, const EventFormat& format, std::span<const std::string> ids,
              bool overwrite);

  /// @throws Error{data} if the recording has been added before; {io}, {cannot_create}.
  void add(const LabelledRecording& recording);

  /// @throws Error{io}, {cannot_create}.
  void close();

 private:
  std::string path_;
  const EventFormat& format_;
  bool overwrite_;
  OutputLock lock_;
  std::optional<ScratchFolder> scratch_;
  std::map<std::string, std::string, std::less<>> names_;  ///< by id, of recordings to come
  std::string table_;
};

}  // namespace claptools
