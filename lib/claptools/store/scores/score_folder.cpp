#include "claptools/store/scores/score_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "claptools/core/error.hpp"
#include "claptools/core/files/atomic_file.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/number.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTimes = "onset\toffset\t";

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

/// The clip's name without folders and its last extension.
std::string table_name(std::string_view id) {
  while (id.ends_with('/')) id.remove_suffix(1);
  id.remove_prefix(id.rfind('/') + 1);  // npos + 1 is 0
  const std::size_t dot = id.rfind('.');
  return std::string(id.substr(0, dot == 0 ? id.npos : dot)) + ".tsv";
}

void take_name(std::map<std::string, std::string>& owners, const std::string& id) {
  const std::string name = table_name(id);
  const auto [owner, is_new] = owners.emplace(name, id);
  if (is_new) return;
  if (owner->second == id)
    throw Error(Fault::data, id, "has rows in several places, or occurs twice");
  throw Error(
      Fault::data, shorten(name, 100),
      "would be the table of '" + shorten(owner->second) + "' and of '" + shorten(id) + "'");
}

bool is_score_table(const fs::directory_entry& entry) {
  if (!entry.is_regular_file() || entry.is_symlink() || entry.path().extension() != ".tsv")
    return false;
  std::ifstream in(entry.path(), std::ios::binary);
  std::string start(kTimes.size(), '\0');
  return in.read(start.data(), static_cast<std::streamsize>(start.size())) && start == kTimes;
}

bool is_replaceable(const fs::path& folder) {
  if (!fs::is_directory(fs::symlink_status(folder))) return false;
  return std::ranges::all_of(fs::directory_iterator(folder), is_score_table);
}

std::string header_line(std::span<const std::string> classes) {
  std::string line(kTimes);
  for (const std::string& name : classes) {
    const bool is_plain = name.find_first_of("\\\"\t\r\n") == name.npos && !name.empty();
    if (!is_plain || escape_controls(name) != name) {
      throw Error(
          Fault::data, shorten(name),
          "cannot be a class of a folder of scores: it is empty or has a quote, a backslash "
          "or a control character");
    }
    line += name;
    line += &name == &classes.back() ? '\n' : '\t';
  }
  return line;
}

}  // namespace

bool names_score_folder(const std::string& path) {
  std::error_code none;
  return path.ends_with('/') || (path != "-" && fs::is_directory(path, none));
}

void require_score_folder(const std::string& path) {
  bool is_ours = false;
  try {
    is_ours = is_replaceable(without_slash(path));
  } catch (const fs::filesystem_error& error) {
    throw Error(Fault::cannot_create, path, error.code().message());
  }
  if (!is_ours)
    throw Error(Fault::cannot_create, path, "exists and has other files than tables of scores");
}

ScoreFolderWriter::ScoreFolderWriter(const std::string& path, std::span<const std::string> classes,
                                     bool overwrite)
    : path_(without_slash(path)),
      overwrite_(overwrite),
      lock_(path_),
      header_(header_line(classes)) {
  restore_folder(path_);
  remove_abandoned(path_);
  if (is_there(path_, Fault::cannot_create)) {
    if (!overwrite) throw Error(Fault::cannot_create, path, "exists; use `overwrite`");
    require_score_folder(path_);
  }
  scratch_.emplace(path_);
}

void ScoreFolderWriter::require_names(std::span<const std::string> ids) {
  std::map<std::string, std::string> owners;
  for (const std::string& id : ids) take_name(owners, id);
}

void ScoreFolderWriter::append(const std::string& id, MatrixView scores, double hop_s) {
  take_name(owners_, id);
  std::string text = header_;
  for (std::size_t t = 0; t < scores.rows; ++t) {
    text += number_text(static_cast<double>(t) * hop_s) + '\t' +
            number_text(static_cast<double>(t + 1) * hop_s);
    for (const float score : scores.row(t)) text += '\t' + number_text(score);
    text += '\n';
  }
  AtomicFile file((scratch_->path() / table_name(id)).native(), false);
  file.write(std::as_bytes(std::span(text)));
  file.commit();
}

void ScoreFolderWriter::commit() { scratch_->publish(overwrite_); }

}  // namespace claptools
