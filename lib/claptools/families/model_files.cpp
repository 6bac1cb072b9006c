#include "claptools/families/model_files.hpp"

#include <fstream>

#include "claptools/checkpoints/checkpoint.hpp"
#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/checkpoints/weight_folder.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/mapped_file.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/files/scratch.hpp"
#include "claptools/core/files/steady_folder.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/families/config/config_object.hpp"
#include "claptools/families/family.hpp"
#include "claptools/families/model_directory.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

fs::path find_vocabulary(const ModelPaths& paths, const fs::path& folder,
                         const Architecture& architecture) {
  if (!paths.vocabulary.empty()) return paths.vocabulary;
  const fs::path beside = folder / architecture.vocabulary_files().at(0);
  if (is_there(beside, Fault::no_input)) return beside;
  const fs::path installed = paths.share / architecture.installed_vocabulary();
  if (!paths.share.empty() && is_there(installed, Fault::no_input)) return installed;
  throw Error(Fault::no_input, beside.native(), "no vocabulary; give `vocabulary`");
}

/// The model_type of a checked config.json; empty if it names none. The family parses the whole.
std::string model_type_of(const std::string& config) {
  constexpr const char* kBefore = " \t\r\n\xEF\xBB\xBF";  // an object: white space, or a mark
  if (config.find_first_not_of(kBefore) != config.find('{')) return "";
  JsonMembers members(config);
  while (const auto member = members.next()) {
    if (json_string(member->key) != "model_type") continue;
    return member->value.starts_with('"') ? json_string(member->value) : "";
  }
  return "";
}

ModelFiles read_directory(const ModelPaths& paths, const Log& log) {
  ModelFiles files;
  const fs::path config = paths.model / kConfigFile;
  const std::string text = read_json_file(config, kMaxConfig);
  files.weights = read_weight_folder(paths.model);
  const ModelSource source{paths.model,         config,       text,
                           model_type_of(text), paths.config, files.weights};
  const Family& family = find_family(source);
  files.architecture = family.open(source, log);
  files.foreign = !source.model_type.empty() && source.model_type != family.name;
  files.vocabulary = find_vocabulary(paths, paths.model, *files.architecture);
  return files;
}

ModelFiles read_checkpoint_model(const ModelPaths& paths, const Log& log) {
  ModelFiles files;
  files.weights = read_checkpoint(paths.model);
  const ModelSource source{paths.model, {}, {}, {}, paths.config, files.weights};
  files.architecture = find_family(source).open(source, log);
  files.vocabulary = find_vocabulary(paths, paths.model.parent_path(), *files.architecture);
  return files;
}

/// Files of the same weights by other programs hold one or the other of these, or none.
void drop_derived(ModelFiles& files) {
  for (const Parameter& parameter : files.architecture->parameters()) {
    if (!parameter.required) files.weights.tensors.erase(parameter.name);
  }
}

}  // namespace

ModelFiles read_model_files(const ModelPaths& given, const Log& log) {
  return read_steadily(
      given.model,
      {kConfigFile, kWeightsFile, kVocabularyFile, kByteVocabularyFile, kMergesFile,
       kTokenizerFile},
      [&] {
        ModelPaths paths = given;
        paths.model = current_folder(given.model);
        const fs::file_status status = status_of(paths.model, Fault::no_input);
        if (!fs::exists(status)) {
          throw Error(Fault::no_input, paths.model.native(),
                      "no such model directory or checkpoint");
        }
        ModelFiles files = fs::is_directory(status) ? read_directory(paths, log)
                                                    : read_checkpoint_model(paths, log);
        files.path = given.model;
        check_parameters(files.weights, files.architecture->parameters(), given.model.native());
        if (files.foreign) drop_derived(files);
        return files;
      });
}

WeightSet read_known_answer(const fs::path& model) {
  const fs::path file = model / kKnownAnswerFile;
  if (!is_there(file, Fault::no_input)) {
    throw Error(Fault::data, model.native(),
                "no known answer is stored with it; clap-model convert stores one");
  }
  return read_safetensors(file);
}

void visit_weight_bytes(const ModelFiles& files,
                        const std::function<void(std::span<const std::byte>)>& sink) {
  const fs::path path = current_folder(files.path) / kWeightsFile;
  const auto first = files.weights.tensors.begin();
  // Read, not mapped: a second mapping would count as memory twice.
  std::ifstream file(path, std::ios::binary);
  if (files.foreign || first == files.weights.tensors.end() ||
      !is_mapped_at(path, first->second.bytes.data())) {
    // Not of a directory, or its file has been replaced since.
    return serialise_safetensors(files.weights, {}, sink);
  }
  std::vector<char> block(1 << 20);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    sink(std::as_bytes(std::span(block).first(static_cast<std::size_t>(file.gcount()))));
  }
  if (file.bad() || !file.eof()) throw Error(Fault::io, path.native(), "cannot be read");
}

}  // namespace claptools
