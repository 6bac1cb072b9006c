#include "claptools/models/verify_model.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/engine/known_answer.hpp"
#include "claptools/families/model_directory.hpp"
#include "claptools/store/digest.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDigestTensor = "weights_sha256";

/// Digest of model.safetensors as a directory of these weights gets it.
std::string written_sha256(const ModelFiles& files) {
  Sha256 digest;
  serialise_safetensors(files.weights, {},
                        [&](std::span<const std::byte> bytes) { digest.update(bytes); });
  return digest.hex();
}

bool is_of(const WeightSet& answer, const std::string& sha256) {
  const auto it = answer.tensors.find(kDigestTensor);
  return it != answer.tensors.end() &&
         std::ranges::equal(it->second.bytes, std::as_bytes(std::span(sha256)));
}

/// The texts of the known answer, [texts, dim]; nothing if there is none of these weights.
std::optional<Matrix> kept_texts(const OpenedModel& opened) {
  if (!is_there(fs::path(opened.path) / kKnownAnswerFile, Fault::no_input)) return std::nullopt;
  const WeightSet answer = read_known_answer(opened.path);
  const std::size_t dim = opened.model->spec().dim;
  const auto it = answer.tensors.find("text");
  if (!is_of(answer, opened.sha256) || it == answer.tensors.end() ||
      it->second.dtype != DType::f32 || it->second.numel() % dim != 0) {
    return std::nullopt;
  }
  Matrix texts(it->second.numel() / dim, dim);
  std::memcpy(texts.data.data(), it->second.bytes.data(), it->second.bytes.size());
  return texts;
}

void check_digest(const WeightSet& answer, const std::string& sha256, const std::string& path) {
  if (!answer.tensors.contains(kDigestTensor) || is_of(answer, sha256)) return;
  throw Error(Fault::data, path,
              "its weights are not those that the directory was made with (SHA-256)");
}

}  // namespace

WeightSet make_proof(const Model& model, const ModelFiles& files) {
  WeightSet answer = known_answer(model);
  const std::string sha256 = written_sha256(files);
  const auto bytes = std::as_bytes(std::span(sha256));
  answer.add(kDigestTensor, DType::u8, {static_cast<std::int64_t>(bytes.size())},
             {bytes.begin(), bytes.end()});
  return answer;
}

void check_text_tower(const OpenedModel& opened) {
  if (const auto kept = kept_texts(opened)) return opened.model->check_texts(*kept);
  opened.model->check_texts();
}

double verify_model(const OpenedModel& opened) {
  opened.model->check_texts();
  opened.model->check_sounds();
  const WeightSet answer = read_known_answer(opened.path);
  check_digest(answer, opened.sha256, opened.path);
  const double difference = compare_known_answer(*opened.model, answer, opened.path);
  if (!(difference <= kKnownAnswerTolerance)) {
    throw Error(Fault::data, opened.path,
                "differs from its known answer by " + std::to_string(difference));
  }
  return difference;
}

}  // namespace claptools
