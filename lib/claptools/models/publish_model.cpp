#include "claptools/models/publish_model.hpp"

#include "claptools/checkpoints/half_weights.hpp"
#include "claptools/core/error.hpp"
#include "claptools/engine/known_answer.hpp"
#include "claptools/families/making.hpp"
#include "claptools/models/verify_model.hpp"

namespace claptools {

void to_half(ModelFiles& files) {
  files.weights = to_half(files.weights, files.architecture->parameters());
}

void publish_model(const std::filesystem::path& path, const ModelFiles& files,
                   const PublishOptions& options, const Log& log) {
  const auto model = Model::load(files, {options.device}, log);
  write_model_directory(path, files, options.overwrite, make_proof(*model, files));
}

void split_model(const std::filesystem::path& path, ModelFiles files, const PublishOptions& options,
                 const Log& log) {
  const WeightSet answer = known_answer(*Model::load(files, {options.device}, log));
  remove_text_tower(files);
  write_model_directory(path, files, options.overwrite, answer);
}

void join_model(const std::filesystem::path& path, const SplitModel& split, bool half,
                const PublishOptions& options, const Log& log) {
  ModelFiles files = join_text_tower(split.part, split.text, log);
  if (half) to_half(files);
  const auto model = Model::load(files, {options.device}, log);
  const double difference =
      compare_known_answer(*model, read_known_answer(split.part), split.part.native());
  if (!(difference <= kKnownAnswerTolerance)) {
    throw Error(Fault::data, split.text.native(),
                "is not the text tower that " + split.part.native() + " was trained with");
  }
  write_model_directory(path, files, options.overwrite, make_proof(*model, files));
}

}  // namespace claptools
