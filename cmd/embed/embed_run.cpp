#include "cmd/embed/embed_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/pipeline/embed_texts.hpp"
#include "claptools/pipeline/inputs.hpp"
#include "claptools/text/caption.hpp"
#include "cmd/embed/embed_output.hpp"
#include "cmd/embed/embed_progress.hpp"
#include "cmd/embed/embed_report.hpp"
#include "cmd/model/shard_option.hpp"
#include "cmd/model/text_source.hpp"
#include "cmd/program/interrupt.hpp"
#include "cmd/program/progress.hpp"

namespace claptools::cmd {
namespace {

/// With --resume there is nothing to do for an output that is there and is what would be made.
/// @throws Error{cannot_create} if it is another.
void require_done(const EmbedArguments& arguments, const EmbeddingHeader& header,
                  const std::vector<AudioInput>& inputs) {
  const OutputLock lock(arguments.output);
  std::string reason;
  if (is_finished(arguments.output, header, inputs, reason)) {
    // A run that was killed behind its last step left its parts.
    RunJournal(arguments.output, {}, RunJournal::Mode::force, {}).remove();
    return;
  }
  throw Error(Fault::cannot_create, arguments.output,
              "is finished, but " + reason + "; use --force to replace it");
}

bool output_exists(const EmbedArguments& arguments) {
  return arguments.resume && is_there(arguments.output, Fault::cannot_create);
}

int answer_interrupt(EmbedOutput& output, const EmbedArguments& arguments, const Program& program,
                     const std::string& noun) {
  const std::size_t kept = output.interrupt();
  if (kept > 0) {
    program.messages.note(arguments.output + ": interrupted, " + std::to_string(kept) + " " + noun +
                          " are kept for --resume");
  }
  return interrupted_code();
}

/// One run over a list of recordings.
class RecordingRun {
 public:
  RecordingRun(const EmbedArguments& arguments, const Program& program, const OpenedModel& opened)
      : arguments_(arguments),
        program_(program),
        opened_(opened),
        options_(to_embed_options(arguments.audio, *opened.model, program.threads)),
        header_(make_header(arguments, program, opened)) {
    InputList list = list_recordings(arguments, program.messages.log());
    header_.meta_columns = list.columns();
    inputs_ = list.take();
    describe_audio(options_, *opened.model, header_);
    const Shard shard = parse_shard(arguments.shard);
    if (arguments.retry_failed.empty()) {
      keep_shard(shard, inputs_);
      header_.shard_index = shard.index;
      header_.shard_count = shard.count;
    } else {
      keep_failed(arguments.retry_failed, shard);
    }
    header_.options = describe_options(arguments, &options_);
  }

  int run() {
    if (output_exists(arguments_)) return answer_done();
    EmbedOutput output(arguments_, header_, fingerprint(header_, opened_, options_.batch),
                       program_);
    EmbedProgress progress(program_, inputs_.size());
    EmbedReport report(arguments_.report, arguments_.resume || arguments_.force);
    output_ = &output;
    report_ = &report;
    progress_ = &progress;
    const std::atomic<bool>& stop = handle_interrupts();
    opened_.model->check_sounds();
    while (done() < inputs_.size() && !stop) {
      if (!replay_part()) embed(stop);
    }
    report.close();
    if (done() < inputs_.size()) return answer_interrupt(output, arguments_, program_, "clips");
    if (is_nothing()) return answer_nothing(output);
    output.commit();
    progress.finish();
    return sum_up();
  }

 private:
  /// Of the shard: the job that is repeated with its own report takes all that failed in it. The
  /// output is then no shard, but goes with all of them.
  void keep_failed(const std::string& report, const Shard& shard) {
    const auto failed = read_failed(report);
    const auto is_sound = [&](const AudioInput& input) {
      // A tar shard that could not be listed failed as a whole, by its own name.
      return !failed.contains(input.id) && (input.member.empty() || !failed.contains(input.path));
    };
    if (std::ranges::all_of(inputs_, is_sound))
      throw Error(Fault::no_input, report, "none of the inputs failed");
    keep_shard(shard, inputs_);
    std::erase_if(inputs_, is_sound);
  }

  std::size_t done() const { return output_->place().inputs; }

  /// A file without rows would stand in the way of the corrected call. Of a shard or of repeated
  /// failures it is awaited by a merge.
  bool is_nothing() const {
    return failed_ == inputs_.size() && arguments_.shard.empty() && arguments_.retry_failed.empty();
  }

  int answer_nothing(EmbedOutput& output) const {
    output.discard();
    if (failed_ > 1)
      program_.messages.note("none of " + std::to_string(failed_) +
                             " clips could be read: no output");
    return static_cast<int>(Fault::no_input);
  }

  /// Says what the run said that finished it: that one may have been killed as it did.
  int answer_done() {
    require_done(arguments_, header_, inputs_);
    program_.messages.detail(arguments_.output + ": is finished");
    for (const InputError& error : EmbeddingReader(arguments_.output).errors()) note_failure(error);
    return sum_up();
  }

  bool replay_part() {
    const auto is_current = [&](std::size_t number, const PartInput& made) {
      if (number >= inputs_.size()) return false;
      const AudioInput& input = inputs_[number];
      return input.id == made.id && input.meta == made.meta && stamp_of(input.path) == made.stamp;
    };
    return output_->replay_part(is_current, [&](const PartInput& input, const InputError* failure) {
      if (failure != nullptr) note_failure(*failure);
      end_input(input, failure, true);
    });
  }

  void embed(const std::atomic<bool>& stop) {
    const InputSource source = [&, next = done()]() mutable -> std::optional<AudioInput> {
      if (next == inputs_.size()) return std::nullopt;
      return inputs_[next++];
    };
    const RowSink sink{[&](const EmbeddingRows& rows) { output_->append(rows); },
                       [&](const InputError& error) {
                         note_failure(error);
                         output_->append_error(error);
                       },
                       {},
                       [&](const EndedInput& ended) { return end_input(ended); }};
    const EmbedSummary summary =
        embed_audio(*opened_.model, source, options_, sink, stop, output_->place());
    program_.messages.detail(fmt::format(
        "model: {:.1f} s, {:.1f} s of them idle; decoding: {:.1f} processor s on {} "
        "threads; {} windows per pass",
        summary.wall_s, summary.idle_s, summary.ingest_s, options_.threads, options_.batch));
  }

  bool end_input(const EndedInput& ended) {
    const AudioInput& from = ended.input;
    const PartInput input{from.id,       ended.stamp,  from.meta,
                          ended.seconds, ended.wall_s, ended.warning};
    output_->end_input(input, ended.next, ended.can_resume_here);
    end_input(input, ended.failure, false);
    return !ended.ends_part || done() == inputs_.size() || output_->end_part();
  }

  void end_input(const PartInput& input, const InputError* failure, bool copied) {
    if (!input.warning.empty()) program_.messages.warn(input.id + ": " + input.warning);
    report_->add(input, failure);
    progress_->add(input, failure != nullptr, copied);
  }

  void note_failure(const InputError& error) {
    program_.messages.error(error.id + ": " + error.message);
    ++failed_;
  }

  int sum_up() const {
    const std::size_t embedded = inputs_.size() - failed_;
    if (failed_ == 0) return 0;
    program_.messages.note("embedded " + std::to_string(embedded) + " of " +
                           std::to_string(inputs_.size()) + " clips");
    return 1;
  }

  const EmbedArguments& arguments_;
  const Program& program_;
  const OpenedModel& opened_;
  EmbedOptions options_;
  std::vector<AudioInput> inputs_;
  EmbeddingHeader header_;
  EmbedOutput* output_ = nullptr;
  EmbedReport* report_ = nullptr;
  EmbedProgress* progress_ = nullptr;
  std::size_t failed_ = 0;
};

/// One run over texts, in blocks that are parts as well.
class TextRun {
 public:
  TextRun(const EmbedArguments& arguments, const Program& program, const OpenedModel& opened)
      : arguments_(arguments),
        program_(program),
        opened_(opened),
        header_(make_header(arguments, program, opened)) {
    header_.options = describe_options(arguments, nullptr);
  }

  int run() {
    constexpr std::size_t kBlock = 4096;  // texts held at a time
    const std::atomic<bool>& stop = handle_interrupts();
    TextSource source(arguments_.inputs, arguments_.nul_separated, program_.messages, stop);
    if (output_exists(arguments_)) return answer_done(source);
    EmbedOutput output(arguments_, header_, fingerprint(header_, opened_, 0), program_);
    opened_.model->check_texts();
    Progress progress(program_, "embedded", "texts");
    for (auto texts = source.next(kBlock); !texts.empty() && !stop; texts = source.next(kBlock)) {
      if (!replay_part(texts, output) && !embed(texts, output, stop)) break;
      if (texts.size() == kBlock) output.end_part();
      progress.update(first_ = output.place().inputs);
    }
    if (stop) return answer_interrupt(output, arguments_, program_, "texts");
    if (first_ == 0) throw Error(Fault::no_input, "input", "no texts given");
    output.commit();
    progress.finish(first_);
    return 0;
  }

 private:
  int answer_done(TextSource& source) const {
    std::vector<AudioInput> texts;
    for (std::string& text : source.next(static_cast<std::size_t>(-1)))
      texts.push_back({std::move(text), {}, {}});
    require_done(arguments_, header_, texts);
    return 0;
  }

  bool replay_part(const std::vector<std::string>& texts, EmbedOutput& output) const {
    const auto is_current = [&](std::size_t number, const PartInput& made) {
      return number - first_ < texts.size() && texts[number - first_] == made.id;
    };
    return output.replay_part(is_current, [](const PartInput&, const InputError*) {});
  }

  /// @return false if it was interrupted.
  bool embed(std::vector<std::string> texts, EmbedOutput& output,
             const std::atomic<bool>& stop) const {
    std::vector<Segment> segments;
    for (const std::string& text : texts) segments.push_back({text, 0, 0});
    if (arguments_.clean_captions) std::ranges::transform(texts, texts.begin(), clean_caption);
    const Matrix embeddings =
        claptools::embed_texts(*opened_.model, texts, program_.threads, &stop);
    if (stop) return false;
    output.append({segments, embeddings, {}, {}, {}});
    for (const Segment& segment : segments) {
      const RunPosition next{output.place().inputs + 1, 0};
      output.end_input({segment.id, {}, {}, 0, 0}, next, true);
    }
    return true;
  }

  const EmbedArguments& arguments_;
  const Program& program_;
  const OpenedModel& opened_;
  EmbeddingHeader header_;
  std::size_t first_ = 0;  ///< number of the block's first text
};

}  // namespace

int embed_recordings(const EmbedArguments& arguments, const Program& program,
                     const OpenedModel& opened) {
  return RecordingRun(arguments, program, opened).run();
}

int embed_texts(const EmbedArguments& arguments, const Program& program,
                const OpenedModel& opened) {
  return TextRun(arguments, program, opened).run();
}

}  // namespace claptools::cmd
