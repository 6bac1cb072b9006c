#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/manifests/audio_names.hpp"
#include "claptools/pipeline/inputs.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;  // columns keep the order of the file

constexpr std::size_t kMaxColumns = 1000;  // ordered_json looks them up one by one

/// The manifest's recordings one by one, with the errors that name their lines.
class ManifestInputs {
 public:
  ManifestInputs(const std::string& path, const InputOptions& options, InputList& list)
      : path_(path), options_(options), list_(list) {}

  void add(InputList::Values values, std::size_t line) {
    const auto audio = find_audio(values);
    if (audio == values.end() || audio->second.empty()) fail(line, "no audio file named");
    const std::string id = audio->second;
    values.erase(audio);
    for (const auto& [column, value] : values) {
      if (value.find('\0') != std::string::npos) fail(line, "'" + column + "' holds a NUL");
    }
    if (id.find('\0') != std::string::npos) fail(line, "the audio's name holds a NUL");
    list_.add({id, {(fs::path(options_.audio_root) / id).native()}, {}}, values,
              {path_, options_.log});
    any_ = true;
  }

  void finish() const {
    if (!any_) throw Error(Fault::no_input, path_, "no recordings in it");
  }

 private:
  static InputList::Values::iterator find_audio(InputList::Values& values) {
    for (const char* name : kAudioColumns) {
      const auto at = std::ranges::find(values, name, &InputList::Values::value_type::first);
      if (at != values.end()) return at;
    }
    return values.end();
  }

  [[noreturn]] void fail(std::size_t line, const std::string& reason) const {
    throw Error(Fault::data, path_, "line " + std::to_string(line) + ": " + reason);
  }

  const std::string& path_;
  const InputOptions& options_;
  InputList& list_;
  bool any_ = false;
};

void add_table(const std::string& path, ManifestInputs& inputs) {
  const Table table = read_table_file(path);
  const bool named = std::ranges::any_of(
      kAudioColumns, [&](const char* name) { return table.find(name).has_value(); });
  if (!named) throw Error(Fault::data, path, "no column 'audio', 'filename', 'file' or 'path'");
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    InputList::Values values;
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      values.emplace_back(table.columns[c], table.rows[i][c]);
    inputs.add(std::move(values), table.lines[i]);
  }
}

void add_json_lines(const std::string& path, ManifestInputs& inputs) {
  InputStream in(path);
  LineReader lines(in, path);
  for (std::string text; lines.next_text(text);) {
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::size_t line = lines.number();
    inputs.add(parse_json_values(text, path + ": line " + std::to_string(line)), line);
  }
}

std::string to_text(const Json& value) {
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

InputList::Values parse_json_values(std::string_view text, const std::string& subject) {
  check_json(text, subject, {.keys = kMaxColumns});
  const Json object = Json::parse(text);
  if (!object.is_object()) throw Error(Fault::data, subject, "not a JSON object");
  InputList::Values values;
  for (const auto& [key, value] : object.items()) {
    values.emplace_back(key, to_text(value));
    if (values.back().second.find('\0') != std::string::npos)
      throw Error(Fault::data, subject, "'" + shorten(key) + "' holds a NUL");
  }
  return values;
}

void add_manifest(const std::string& path, const InputOptions& options, InputList& list) {
  require_audio_root(options.audio_root);
  ManifestInputs inputs(path, options, list);
  path.ends_with(".tsv") || path.ends_with(".csv") ? add_table(path, inputs)
                                                   : add_json_lines(path, inputs);
  inputs.finish();
}

}  // namespace claptools
