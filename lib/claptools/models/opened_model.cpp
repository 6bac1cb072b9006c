#include "claptools/models/opened_model.hpp"

#include <cmath>
#include <future>

#include "claptools/core/error.hpp"
#include "claptools/core/files/mapped_file.hpp"
#include "claptools/store/digest.hpp"
#include "claptools/store/vector_space.hpp"

namespace claptools {
namespace {

std::string config_sha256(const ModelFiles& files) {
  const std::string config = files.architecture->config_json();
  Sha256 digest;
  digest.update(std::as_bytes(std::span<const char>(config)));
  for (const auto& [name, text] : files.architecture->side_files())
    digest.update(std::as_bytes(std::span<const char>(text)));
  for (const auto& file : files.vocabulary_files()) digest.update(MappedFile(file).bytes());
  return digest.hex();
}

}  // namespace

std::string weights_sha256(const ModelFiles& files) {
  Sha256 digest;
  visit_weight_bytes(files, [&](std::span<const std::byte> bytes) { digest.update(bytes); });
  return digest.hex();
}

std::size_t parameter_count(const ModelFiles& files) {
  std::size_t count = 0;
  for (const Parameter& parameter : files.architecture->parameters()) {
    const auto it = files.weights.tensors.find(parameter.name);
    if (parameter.required && it != files.weights.tensors.end()) count += it->second.numel();
  }
  return count;
}

std::optional<double> logit_scale(const ModelFiles& files) {
  const auto scale = files.architecture->logit_scale();
  if (!scale) return std::nullopt;
  const auto found = files.weights.tensors.find(scale->weight);
  if (found == files.weights.tensors.end()) return std::nullopt;
  const double value = float_at(found->second, 0);
  return scale->is_logarithm ? std::exp(value) : 1 / value;
}

OpenedModel open_model(const ModelPaths& paths, const ModelOptions& options, const Log& log) {
  const ModelFiles files = read_model_files(paths, log);
  auto sha256 = std::async(std::launch::async, [&files] { return weights_sha256(files); });
  auto model = Model::load(files, options, log);
  report(log, LogLevel::info, "model '" + model->spec().name + "' on " + model->device());
  const ModelSpec& spec = files.spec();
  const std::string digest = sha256.get();
  return {std::move(model),
          digest,
          config_sha256(files),
          files.path.native(),
          name_space(spec.family, digest, spec.audio.front_end),
          logit_scale(files)};
}

double require_logit_scale(const OpenedModel& opened) {
  if (opened.logit_scale) return *opened.logit_scale;
  throw Error(Fault::data, opened.model->spec().name,
              "has learned no temperature that makes probabilities of cosines");
}

EmbeddingHeader header_of(const OpenedModel& opened) {
  EmbeddingHeader header;
  header.dim = opened.model->spec().dim;
  header.model_name = opened.model->spec().name;
  header.model_sha256 = opened.sha256;
  header.space = opened.space;
  return header;
}

std::string describe_model(const std::string& name, const std::string& sha256) {
  return "'" + name + "' (" + sha256.substr(0, 12) + ")";
}

void require_same_model(const OpenedModel& opened, const std::string& subject,
                        const EmbeddingHeader& header) {
  if (opened.sha256 != header.model_sha256) {
    throw Error(Fault::data, subject,
                "was made with model " + describe_model(header.model_name, header.model_sha256) +
                    ", not with " + describe_model(opened.model->spec().name, opened.sha256));
  }
  if (are_of_other_models(header.space, opened.space))
    throw Error(Fault::data, subject, other_space(header.space, opened.space));
}

}  // namespace claptools
