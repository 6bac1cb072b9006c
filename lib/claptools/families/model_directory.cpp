#include "claptools/families/model_directory.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <set>
#include <system_error>

#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/atomic_file.hpp"
#include "claptools/core/files/mapped_file.hpp"
#include "claptools/core/files/output_lock.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/files/scratch.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/families/model_files.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr std::array kNames{kConfigFile,  kVocabularyFile, kByteVocabularyFile,
                            kMergesFile,  kTokenizerFile,  "preprocessor_config.json",
                            kWeightsFile, kKnownAnswerFile};

constexpr const char* kNotOurs =
    "is not a model directory, or holds other files too: nothing of it is replaced";

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  throw Error(Fault::cannot_create, path.native(), reason);
}

std::span<const std::byte> text_bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

void write_file(const fs::path& path, std::span<const std::byte> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

bool holds(const fs::path& path, std::span<const std::byte> bytes) {
  std::error_code failed;
  if (!fs::is_regular_file(path, failed) || fs::file_size(path, failed) != bytes.size()) {
    return false;
  }
  return std::ranges::equal(MappedFile(path).bytes(), bytes);
}

/// The vocabulary's files and their places in a folder of the model.
void visit_vocabulary(
    const ModelFiles& files, const fs::path& folder,
    const std::function<void(const fs::path&, std::span<const std::byte>)>& visitor) {
  if (files.vocabulary.empty()) return;
  const std::vector<fs::path> sources = files.vocabulary_files();
  const std::vector<std::string> names = files.architecture->vocabulary_files();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const MappedFile source(sources[i]);
    visitor(folder / names[i], source.bytes());
  }
}

/// What describes the weights comes before them, the answer that they give after.
void write_files(const fs::path& folder, const ModelFiles& files, const WeightSet& known_answer) {
  const std::string config = files.architecture->config_json();
  if (!holds(folder / kConfigFile, text_bytes(config))) {
    write_file(folder / kConfigFile, text_bytes(config));
  }
  const auto write = [](const fs::path& target, std::span<const std::byte> bytes) {
    if (!holds(target, bytes)) write_file(target, bytes);
  };
  for (const auto& [name, text] : files.architecture->side_files())
    write(folder / name, text_bytes(text));
  visit_vocabulary(files, folder, write);
  write_safetensors(folder / kWeightsFile, files.weights);
  if (!known_answer.tensors.empty()) write_safetensors(folder / kKnownAnswerFile, known_answer);
}

bool is_working_folder(const fs::path& path) {
  std::error_code failed;
  return fs::equivalent(path, ".", failed);
}

/// Files of `from` that are no model's, and the folders that they lie in, appear in `to` as well.
/// @return false if that cannot be: they stay where they are.
bool link_others(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::recursive_directory_iterator it(from, failed), end;
  for (; !failed && it != end; it.increment(failed)) {
    const fs::path there = to / it->path().lexically_relative(from);
    if (it.depth() == 0 && is_model_file(it->path().filename().native())) continue;
    const fs::file_status status = it->symlink_status(failed);
    if (failed || it.depth() > 2) return false;
    if (fs::is_directory(status)) {
      fs::create_directory(there, it->path(), failed);
    } else if (fs::is_regular_file(status)) {
      fs::create_hard_link(it->path(), there, failed);
    } else {
      return false;
    }
  }
  return !failed;
}

/// Another architecture in one step: file by file, readers would find the new configuration with
/// the old weights, and a kill would leave that.
/// @return false where the folder cannot be exchanged; nothing was changed.
bool exchange(const fs::path& path, const ModelFiles& files, const WeightSet& known_answer) {
  if (is_working_folder(path)) return false;  // the user's shell would stand in what is removed
  std::unique_ptr<ScratchFolder> scratch;
  try {
    scratch = std::make_unique<ScratchFolder>(path);
  } catch (const Error&) {
    return false;  // the folder is all that may be written
  }
  write_files(scratch->path(), files, known_answer);
  if (!link_others(path, scratch->path())) return false;
  scratch->publish(true);
  return true;
}

}  // namespace

bool is_model_file(std::string_view name) {
  return std::ranges::find(kNames, name) != kNames.end();
}

bool is_model_config(const fs::path& file) {
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) return false;
  try {
    const std::string text = read_json_file(file);
    if (text.find_first_not_of(" \t\r\n") != text.find('{')) return false;
    std::set<std::string, std::less<>> keys;
    JsonMembers members(text);
    while (const auto member = members.next()) {
      if (member->value.starts_with('{') || member->key == "\"model_type\"" ||
          member->key == "\"clap_tools_name\"") {
        keys.emplace(member->key);
      }
    }
    const auto has = [&](const char* key) { return keys.contains(key); };
    return (has("\"model_type\"") && has("\"audio\"") && has("\"text\"")) ||
           has("\"clap_tools_name\"");
  } catch (const Error&) {
    return false;
  }
}

bool holds_only_model(const fs::path& folder) {
  std::error_code failed;
  std::size_t files = 0;
  for (fs::directory_iterator it(folder, failed), end; !failed && it != end;
       it.increment(failed), ++files) {
    if (!is_model_file(it->path().filename().native())) return false;
    if (!fs::is_regular_file(it->symlink_status(failed))) return false;
  }
  return !failed && (files == 0 || is_model_config(folder / kConfigFile));
}

void check_model_output(const fs::path& path, bool overwrite) {
  const fs::file_status status = status_of(path, Fault::cannot_create);
  if (!fs::exists(status)) return;
  if (!overwrite) refuse(path, "exists; use `overwrite`");
  if (!fs::is_directory(status)) refuse(path, kNotOurs);
  if (is_working_folder(path)) refuse(path, "is the working folder; name it from outside");
  if (!holds_only_model(path)) {
    refuse(path, kNotOurs);
  }
}

void write_model_directory(const fs::path& path, const ModelFiles& files, bool overwrite,
                           const WeightSet& known_answer) {
  const OutputLock lock(path);
  std::error_code failed;
  fs::path target = path.has_filename() ? path : path.parent_path();
  if (fs::exists(target, failed)) target = fs::canonical(target, failed);
  if (failed) refuse(path, failed.message());
  restore_folder(target);
  remove_abandoned(target);
  check_model_output(path, overwrite);
  ScratchFolder scratch(target);
  write_files(scratch.path(), files, known_answer);
  scratch.publish(overwrite);
  std::error_code none;
  if (fs::exists(scratch.path(), none) && !holds_only_model(scratch.path())) {
    scratch.publish(true);  // somebody put a file there meanwhile: back with it
    refuse(path, kNotOurs);
  }
}

/// Weights of the same configuration and vocabulary are replaced by one rename; else the folder is
/// exchanged, or, where that cannot be, file by file. The caller holds the folder's OutputLock.
void update_model_directory(const fs::path& path, const ModelFiles& files,
                            const WeightSet& known_answer) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) refuse(path, code.message());
  const std::string config = files.architecture->config_json();
  bool same = holds(path / kConfigFile, text_bytes(config));
  for (const auto& [name, text] : files.architecture->side_files())
    same = same && holds(path / name, text_bytes(text));
  visit_vocabulary(files, path, [&](const fs::path& target, std::span<const std::byte> bytes) {
    same = same && holds(target, bytes);
  });
  if (!same && fs::exists(path / kWeightsFile, code) && exchange(path, files, known_answer)) return;
  fs::remove(path / kKnownAnswerFile, code);  // it belongs to the weights before
  write_files(path, files, known_answer);
}

}  // namespace claptools
