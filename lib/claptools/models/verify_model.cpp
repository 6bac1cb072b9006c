#include "claptools/models/verify_model.hpp"

#include <algorithm>

#include "claptools/checkpoints/safetensors.hpp"
#include "claptools/core/error.hpp"
#include "claptools/engine/known_answer.hpp"
#include "claptools/store/digest.hpp"

namespace claptools {
namespace {

constexpr const char* kDigestTensor = "weights_sha256";

/// Digest of model.safetensors as a directory of these weights gets it.
std::string written_sha256(const ModelFiles& files) {
  Sha256 digest;
  serialise_safetensors(files.weights, {},
                        [&](std::span<const std::byte> bytes) { digest.update(bytes); });
  return digest.hex();
}

void check_digest(const WeightSet& answer, const std::string& sha256, const std::string& path) {
  const auto it = answer.tensors.find(kDigestTensor);
  if (it == answer.tensors.end() ||
      std::ranges::equal(it->second.bytes, std::as_bytes(std::span(sha256))))
    return;
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
