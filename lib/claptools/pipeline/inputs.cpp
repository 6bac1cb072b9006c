#include "claptools/pipeline/inputs.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

#include "claptools/archive/braces.hpp"
#include "claptools/archive/tar_reader.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/files/piped_command.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/manifests/audio_names.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

AudioInput as_input(const std::string& path) { return {path, {path}, {}}; }

/// A Mac keeps beside NAME a file ._NAME, which is no recording.
bool is_apple_double(const fs::path& path) {
  std::error_code code;
  if (!path.filename().native().starts_with("._") || !fs::is_regular_file(path, code)) return false;
  constexpr std::string_view kMark("\0\5\26\7", 4);
  std::string beginning(kMark.size(), '\0');
  try {
    InputStream(path).read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  } catch (const Error&) {
    return false;  // fails as a recording does
  }
  return beginning == kMark;
}

bool is_left_out(const fs::directory_entry& entry, bool hidden) {
  const bool is_hidden = entry.path().filename().native().starts_with('.');
  return is_hidden && (!hidden || is_apple_double(entry.path()));
}

/// Sorted by the bytes of the whole path, as `find | LC_ALL=C sort` would.
void add_folder(const std::string& folder, bool hidden, InputList& inputs) {
  std::vector<std::string> found;
  std::error_code code;
  for (fs::recursive_directory_iterator
           it(folder, fs::directory_options::skip_permission_denied, code),
       end;
       it != end && !code; it.increment(code)) {
    const std::string path = it->path().native();
    if (is_left_out(*it, hidden)) {
      it.disable_recursion_pending();
      continue;
    }
    if (has_audio_extension(path) && !it->is_directory(code)) found.push_back(path);
    code.clear();
  }
  if (code) throw Error(Fault::no_input, folder, code.message());
  if (found.empty())
    found.push_back(folder);  // fails later as "is a directory", as any other bad input
  std::sort(found.begin(), found.end());
  for (const std::string& path : found) inputs.add(as_input(path));
}

/// The first of kAudioColumns that is there.
std::vector<Field>::iterator find_audio(std::vector<Field>& fields) {
  for (const char* name : kAudioColumns) {
    const auto at = std::ranges::find(fields, name, &Field::name);
    if (at != fields.end()) return at;
  }
  return fields.end();
}

}  // namespace

void add_names(const std::string& file, const InputOptions& options, InputList& list) {
  InputStream in(file);
  LineReader names(in, in.subject(), options.nul_separated ? '\0' : '\n');
  for (std::string name; names.next_name(name);) {
    if (name.starts_with(kPipe)) {
      add_stream(name, shard_of(name), options, list);
    } else if (!name.empty()) {
      list.add(as_input(name));
    }
  }
}

void add_manifest(const std::string& path, const InputOptions& options, InputList& list) {
  require_audio_root(options.audio_root);
  bool any = false;
  const auto check_columns = [](Record& header) {
    if (find_audio(header.fields) == header.fields.end())
      header.fail("no column 'audio', 'filename', 'file' or 'path'");
  };
  const auto add = [&](Record& record) {
    const auto audio = find_audio(record.fields);
    if (audio == record.fields.end() || audio->value.empty()) record.fail("no audio file named");
    const std::string id = audio->value;
    record.fields.erase(audio);
    list.add({id, {(fs::path(options.audio_root) / id).native()}, {}}, record.fields,
             {path, options.log});
    any = true;
  };
  read_records(path, check_columns, add, kCarriedJson);
  if (!any) throw Error(Fault::no_input, path, "no recordings in it");
}

namespace {

void add_argument(const std::string& argument, const InputOptions& options, InputList& list) {
  std::error_code code;
  if (argument == "-") {
    add_names(argument, options, list);
  } else if (argument.starts_with(kPipe)) {
    for (const std::string& command : expand_braces(argument))
      add_stream(command, shard_of(command), options, list);
  } else if (fs::is_directory(argument, code)) {
    add_folder(argument, options.hidden, list);
  } else if (is_tar_name(argument)) {
    add_shards(argument, options, list);
  } else if (is_manifest_name(argument)) {
    add_manifest(argument, options, list);
  } else {
    list.add(as_input(argument));
  }
}

bool are_folders(const PackedInputs& inputs) {
  std::error_code code;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (!fs::is_directory(inputs.at(i).audio.path, code)) return false;
  return true;
}

}  // namespace

InputList list_inputs(const std::vector<std::string>& arguments, const InputOptions& options) {
  InputList list;
  for (const std::string& argument : arguments) add_argument(argument, options, list);
  if (list.inputs().empty()) throw Error(Fault::no_input, "input", "no recordings given");
  if (are_folders(list.inputs()))
    throw Error(Fault::no_input, list.inputs().at(0).id, "no audio files in this folder");
  return list;
}

void InputList::add(AudioInput input, const std::vector<Field>& fields,
                    const FieldsOrigin& origin) {
  for (const Field& field : fields) {
    const auto name = names_.stored(field.name, origin.subject, origin.log);
    if (!name) continue;
    const auto [at, is_new] = places_.try_emplace(*name, columns_.size());
    if (is_new) columns_.push_back(*name);
    if (input.meta.size() <= at->second) input.meta.resize(at->second + 1);
    input.meta[at->second] = field.value;
  }
  inputs_.add(input);
}

PackedInputs InputList::take() {
  inputs_.set_columns(columns_.size());
  return std::exchange(inputs_, {});
}

}  // namespace claptools
