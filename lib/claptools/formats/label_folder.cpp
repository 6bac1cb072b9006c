#include "claptools/formats/label_folder.hpp"

#include <array>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/atomic_file.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/formats/event_text.hpp"
#include "claptools/formats/label_names.hpp"
#include "claptools/formats/table_format.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kColumns = {"filename", "duration", "file"};

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

void write_file(const fs::path& path, const std::string& text) {
  AtomicFile file(path.native(), false);
  file.write(std::as_bytes(std::span(text)));
  file.commit();
}

/// The files that the folder's table lists, and the table itself.
std::set<fs::path> own_files(const fs::path& folder) {
  std::set<fs::path> own = {folder / kRecordingsTable};
  const Table table = read_table_file((folder / kRecordingsTable).native(), Delimiter::tab);
  if (table.columns != kColumns) return {};
  for (const auto& row : table.rows) own.insert(folder / unescape_tsv(row[2]));
  return own;
}

bool is_replaceable(const fs::path& folder) {
  if (!fs::is_directory(fs::symlink_status(folder))) return false;
  if (fs::is_empty(folder)) return true;
  if (!fs::is_regular_file(fs::symlink_status(folder / kRecordingsTable))) return false;
  const std::set<fs::path> own = own_files(folder);
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    const bool is_folder = entry.is_directory() && !entry.is_symlink();
    if (!is_folder && !own.contains(entry.path())) return false;
  }
  return true;
}

}  // namespace

void require_label_folder(const std::string& path) {
  bool is_ours = false;
  try {
    is_ours = is_replaceable(without_slash(path));
  } catch (const fs::filesystem_error& error) {
    throw Error(Fault::cannot_create, path, error.code().message());
  } catch (const Error&) {  // the table cannot be read
  }
  if (!is_ours)
    throw Error(Fault::cannot_create, path, "exists and has other files than labels of recordings");
}

LabelFolder::LabelFolder(const std::string& path, const EventFormat& format,
                         std::span<const std::string> ids, bool overwrite)
    : path_(without_slash(path)), format_(format), overwrite_(overwrite), lock_(path_) {
  restore_folder(path_);
  remove_abandoned(path_);
  if (is_there(path_, Fault::cannot_create)) {
    if (!overwrite) throw Error(Fault::cannot_create, path, "exists; use `overwrite`");
    require_label_folder(path_);
  }
  const auto names = label_file_names(ids, format.ending);
  for (std::size_t i = 0; i < ids.size(); ++i) names_.emplace(ids[i], names[i]);
  scratch_.emplace(path_);
  table_ = header_line(TableFormat::tsv, kColumns);
}

void LabelFolder::add(const LabelledRecording& recording) {
  const auto found = names_.find(recording.id);
  if (found == names_.end())
    throw Error(Fault::data, recording.id, "has rows in several places, or occurs twice");
  const fs::path file = scratch_->path() / found->second;
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  if (failed) throw Error(Fault::cannot_create, path_, failed.message());
  EventText text(format_);
  write_file(file, text.add(recording));
  const std::array row = {Cell{recording.id}, Cell{number_text(recording.duration_s), true},
                          Cell{found->second}};
  table_ += table_line(TableFormat::tsv, kColumns, row);
  names_.erase(found);
}

void LabelFolder::close() {
  write_file(scratch_->path() / kRecordingsTable, table_);
  scratch_->publish(overwrite_);
}

}  // namespace claptools
