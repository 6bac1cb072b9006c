#include "mgaclap/weights/model_files.hpp"

#include <unistd.h>

#include <cstring>
#include <fstream>
#include <system_error>

#include "mgaclap/core/atomic_file.hpp"
#include "mgaclap/core/error.hpp"
#include "mgaclap/core/mapped_file.hpp"
#include "mgaclap/weights/checkpoint.hpp"
#include "mgaclap/weights/parameters.hpp"
#include "mgaclap/weights/safetensors.hpp"

namespace mgaclap {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfigFile = "config.json";
constexpr const char* kWeightsFile = "model.safetensors";
constexpr const char* kVocabularyFile = "vocab.txt";
constexpr const char* kKnownAnswerFile = "known_answer.safetensors";

fs::path find_vocabulary(const ModelPaths& paths, const fs::path& beside) {
  if (!paths.vocabulary.empty()) return paths.vocabulary;
  if (fs::exists(beside)) return beside;
  if (!paths.default_vocabulary.empty()) return paths.default_vocabulary;
  throw Error(Fault::no_input, beside.native(), "no vocabulary; give --vocab FILE");
}

ModelFiles read_directory(const ModelPaths& paths, const Log& log) {
  ModelFiles files;
  files.config = read_config(paths.model / kConfigFile, log);
  if (!paths.config.empty()) files.config = read_config(paths.config, log, files.config);
  files.weights = read_safetensors(paths.model / kWeightsFile);
  files.vocabulary = find_vocabulary(paths, paths.model / kVocabularyFile);
  return files;
}

ModelFiles read_checkpoint_model(const ModelPaths& paths, const Log& log) {
  ModelFiles files;
  files.weights = read_checkpoint(paths.model);
  files.config = infer_config(files.weights, ModelConfig{}, paths.model.native());
  if (!paths.config.empty()) files.config = read_config(paths.config, log, files.config);
  files.vocabulary = find_vocabulary(paths, paths.model.parent_path() / kVocabularyFile);
  return files;
}

template <class Word, Word exponent>
bool all_finite(std::span<const std::byte> bytes) {
  bool finite = true;
  for (std::size_t i = 0; i + sizeof(Word) <= bytes.size(); i += sizeof(Word)) {
    Word word = 0;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    finite &= (word & exponent) != exponent;  // no early exit: the loop vectorises
  }
  return finite;
}

bool is_finite(const TensorView& view) {
  switch (view.dtype) {
    case DType::f64:
      return all_finite<std::uint64_t, 0x7FF0000000000000u>(view.bytes);
    case DType::f32:
      return all_finite<std::uint32_t, 0x7F800000u>(view.bytes);
    case DType::f16:
      return all_finite<std::uint16_t, 0x7C00u>(view.bytes);
    case DType::bf16:
      return all_finite<std::uint16_t, 0x7F80u>(view.bytes);
    default:
      return true;
  }
}

std::span<const std::byte> text_bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

void write_file(const fs::path& path, std::span<const std::byte> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

}  // namespace

ModelFiles read_model_files(const ModelPaths& paths, const Log& log) {
  if (!fs::exists(paths.model)) {
    throw Error(Fault::no_input, paths.model.native(), "no such model directory or checkpoint");
  }
  ModelFiles files = fs::is_directory(paths.model) ? read_directory(paths, log)
                                                   : read_checkpoint_model(paths, log);
  files.path = paths.model;
  check_config(files.config, paths.model.native());
  check_parameters(files.weights, files.config, paths.model.native());
  return files;
}

void write_model_directory(const fs::path& path, const ModelFiles& files, bool overwrite,
                           const WeightSet& known_answer) {
  if (fs::exists(path) && !overwrite)
    throw Error(Fault::cannot_create, path.native(), "exists; use --force");
  if (fs::exists(path) && !fs::exists(path / kConfigFile)) {
    throw Error(Fault::cannot_create, path.native(),
                "exists and is not a model directory");  // nothing else is ever deleted
  }
  const fs::path target = path.has_filename() ? path : path.parent_path();
  const fs::path part = target.native() + ".part-" + std::to_string(::getpid());
  std::error_code code;
  fs::create_directory(part, code);
  if (code) throw Error(Fault::cannot_create, path.native(), code.message());
  try {
    write_file(part / kConfigFile, text_bytes(format_config(files.config)));
    write_safetensors(part / kWeightsFile, files.weights);
    if (!files.vocabulary.empty())
      write_file(part / kVocabularyFile, MappedFile(files.vocabulary).bytes());
    if (!known_answer.tensors.empty()) write_safetensors(part / kKnownAnswerFile, known_answer);
    if (overwrite) fs::remove_all(target);
    fs::rename(part, target);
  } catch (const fs::filesystem_error& e) {
    fs::remove_all(part, code);
    throw Error(Fault::cannot_create, path.native(), e.code().message());
  } catch (...) {
    fs::remove_all(part, code);
    throw;
  }
}

void update_model_directory(const fs::path& path, const ModelFiles& files,
                            const WeightSet& known_answer) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) throw Error(Fault::cannot_create, path.native(), code.message());
  const auto write = [&](const char* name, std::span<const std::byte> bytes) {
    AtomicFile file(path / name);
    file.write(bytes);
    file.commit();
  };
  fs::remove(path / kKnownAnswerFile, code);  // it belongs to the weights before
  write(kConfigFile, text_bytes(format_config(files.config)));
  write(kVocabularyFile, MappedFile(files.vocabulary).bytes());
  write_safetensors(path / kWeightsFile, files.weights);
  if (!known_answer.tensors.empty()) write_safetensors(path / kKnownAnswerFile, known_answer);
}

WeightSet read_known_answer(const fs::path& model) {
  const fs::path file = model / kKnownAnswerFile;
  if (!fs::exists(file)) {
    throw Error(Fault::data, model.native(),
                "no known answer is stored with it; clap-model convert stores one");
  }
  return read_safetensors(file);
}

void visit_weight_bytes(const ModelFiles& files,
                        const std::function<void(std::span<const std::byte>)>& sink) {
  if (!fs::is_directory(files.path)) return serialise_safetensors(files.weights, {}, sink);
  const fs::path path = files.path / kWeightsFile;
  std::ifstream file(
      path, std::ios::binary);  // read, not mapped: a second mapping would count as memory twice
  std::vector<char> block(1 << 20);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    sink(std::as_bytes(std::span(block).first(static_cast<std::size_t>(file.gcount()))));
  }
  if (file.bad() || !file.eof()) throw Error(Fault::io, path.native(), "cannot be read");
}

void check_finite(const WeightSet& weights, std::string_view subject) {
  for (const auto& [name, view] : weights.tensors) {
    if (!is_finite(view)) throw Error(Fault::data, subject, "weight '" + name + "' is not finite");
  }
}

}  // namespace mgaclap
