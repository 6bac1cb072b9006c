#include "cmd/classify/classes.hpp"

#include <CLI/CLI.hpp>

#include "claptools/core/error.hpp"
#include "claptools/pipeline/embed_texts.hpp"
#include "claptools/store/vector_space.hpp"

namespace claptools::cmd {
namespace {

/// Recordings are embedded as the rows that were learned from, where options do not say otherwise.
void embed_like(const EmbeddingHeader& learned, ClassifyOptions& options) {
  AudioOptions& audio = options.audio;
  if (learned.kind != "audio") return;
  if (audio.window_s == 0) audio.window_s = learned.window_s;
  if (!audio.short_audio && !learned.short_audio.empty())
    audio.short_audio = parse_short_audio(learned.short_audio);
  if (options.output.needs_frames() || !options.app->get_option("--pool")->empty()) return;
  for (const Pooling whole : {Pooling::codebook, Pooling::mean, Pooling::first, Pooling::fusion})
    if (to_string(whole) == pooling_of(learned.space)) audio.pooling = whole;
}

void take_post(const PostArguments& post, LabelSet& set) {
  if (post.post == Post::csebbs) take_boxes(post.parameters, post.csebbs, set);
}

}  // namespace

Classes::Classes(ClassifyOptions& options) {
  const double threshold = options.output.threshold.value_or(0.5);
  if (options.classifier.empty()) {
    set_ = read_label_set(options.sources, threshold);
    if (!options.output.background.empty())
      background_ = read_background(options.output.background);
    take_post(options.output.post, set_);
    return;
  }
  classifier_ = Classifier::read(options.classifier);
  set_ = label_set_of(*classifier_, options.sources.thresholds, threshold);
  take_post(options.output.post, set_);
  embed_like(classifier_->file().header, options);
}

void Classes::open(const ClassifyOptions& options, bool embedded, const Program& program) {
  if (classifier_ && embedded) return;
  opened_ = open_model(options.model, program, Workload::audio, options.audio.precision);
  if (!classifier_) model()->check_texts();
}

LabelPicker Classes::picker(const Program& program) const {
  if (classifier_) return {set_, *classifier_};
  LabelPicker picker(set_, embed_labels(set_.prompts, *model(), program.threads),
                     program.messages.log());
  if (!background_.empty()) picker.subtract(embed_texts(*model(), background_, program.threads));
  return picker;
}

Provenance Classes::origin(const Program& program) const {
  const EmbeddingHeader* const learned = classifier_ ? &classifier_->file().header : nullptr;
  return {learned ? learned->model_name : model()->spec().name,
          learned ? learned->model_sha256 : opened_->sha256,
          program.tool(),
          program.command_line,
          {},
          {}};
}

void Classes::require(const std::string& subject, const EmbeddingHeader& header,
                      bool frames) const {
  if (!classifier_) return require_same_model(*opened_, subject, header);
  const EmbeddingHeader& learned = classifier_->file().header;
  if (learned.model_sha256 != header.model_sha256)
    throw Error(Fault::data, subject,
                "was made with model " + describe_model(header.model_name, header.model_sha256) +
                    ", the classifier with " +
                    describe_model(learned.model_name, learned.model_sha256));
  const auto differ = frames ? are_of_other_models : are_of_other_spaces;
  if (differ(header.space, learned.space))
    throw Error(Fault::data, subject, other_space(header.space, learned.space));
}

}  // namespace claptools::cmd
