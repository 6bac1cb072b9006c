#include "cmd/embed/embed_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <optional>

#include "claptools/core/error.hpp"
#include "claptools/models/verify_model.hpp"
#include "claptools/pipeline/streams/input_reader.hpp"
#include "claptools/runs/embedding_run.hpp"
#include "claptools/runs/run_header.hpp"
#include "claptools/runs/run_report.hpp"
#include "cmd/embed/embed_progress.hpp"
#include "cmd/embed/run_output.hpp"
#include "cmd/model/shard_option.hpp"
#include "cmd/program/interrupt.hpp"
#include "cmd/program/text_output.hpp"

namespace claptools::cmd {
namespace {

/// What is to be embedded, how, and what the output says of it.
struct Recordings {
  EmbedOptions options;
  EmbeddingHeader header;
  InputList names;  ///< of the columns of inputs
  PackedInputs inputs = {};
  std::vector<SpooledAudio> piped = {};
  StreamOptions streams = {};

  InputReader take() { return {std::move(inputs), std::move(names), streams}; }
};

std::uint64_t bytes_of(double mib) { return static_cast<std::uint64_t>(mib * (1 << 20)); }

/// Of the shard: the job that is repeated with its own report takes all that failed in it. The
/// output is then no shard, but goes with all of them.
void keep_failed(const std::string& report, const ShardRange& own, PackedInputs& inputs) {
  const auto failed = read_failed(report);
  bool any = false;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const AudioInput input = inputs.at(i);
    if (input.is_stream)
      throw Error(
          Fault::usage, "--retry-failed",
          input.audio.path + " is read as a stream, in which nothing can be looked up; unpack it");
    any = any || has_failed(input, failed);
  }
  if (!any) throw Error(Fault::no_input, report, "none of the inputs failed");
  inputs.keep_range(own.begin, own.end);
  inputs.keep_if([&](const AudioInput& input) { return has_failed(input, failed); });
}

/// Leaves of the tar files those of the shard, so that it does not list those of others.
/// @return as deal_tar_shards.
std::string deal_arguments(EmbedArguments& arguments, const Shard& shard) {
  const bool others = !arguments.files_from.empty() || !arguments.files0_from.empty() ||
                      !arguments.tar.empty() || !arguments.audio.recordings.empty();
  if (others || arguments.shard_by != "tar") return "";
  return deal_tar_shards(shard, arguments.inputs);
}

Recordings gather(EmbedArguments arguments, const Program& program, const OpenedModel& opened) {
  const Shard shard = parse_shard(arguments.shard);
  const std::string deal = deal_arguments(arguments, shard);
  Recordings job{.options = to_embed_options(arguments.audio, *opened.model, program.threads),
                 .header = make_header(arguments, program, opened),
                 .names = list_recordings(arguments, program.messages.log())};
  const std::atomic<bool>& stop = handle_interrupts();  // until here a signal ends the program
  job.piped = open_recordings(arguments.audio, stop);
  add_recordings(arguments.audio, job.piped, job.names);
  if (job.names.inputs().empty()) throw Error(Fault::no_input, "input", "no recordings given");
  job.streams = {&stop, bytes_of(arguments.max_member_mib), program.messages.log()};
  job.header.meta_columns = job.names.columns();
  job.inputs = job.names.take();
  describe_audio(job.options, *opened.model, job.header);
  job.header.options = describe_options(job.options, job.header.half);
  const ShardRange own = shard_range(deal.empty() ? shard : Shard{}, job.inputs.size());
  if (arguments.retry_failed.empty()) {
    job.inputs.keep_range(own.begin, own.end);
    job.header.shard_index = shard.index;
    job.header.shard_count = shard.count;
    job.header.shard_deal = deal;
  } else {
    keep_failed(arguments.retry_failed, own, job.inputs);
  }
  return job;
}

void say_failed(const InputError& error, const Program& program) {
  program.messages.error(error.id + ": " + error.message);
}

/// @return the exit code.
int sum_up(std::size_t inputs, std::size_t failed, const Program& program) {
  if (failed == 0) return 0;
  program.messages.note("embedded " + std::to_string(inputs - failed) + " of " +
                        std::to_string(inputs) + " clips");
  return 1;
}

/// Says what the run said that finished it: that one may have been killed as it did.
int answer_done(const EmbedArguments& arguments, const Program& program, Recordings& job) {
  InputReader reader = job.take();
  std::vector<AudioInput> inputs;
  while (auto input = reader.next(false)) inputs.push_back(std::move(*input));
  job.header.meta_columns = reader.columns();
  require_done(arguments, job.header, inputs);
  program.messages.detail(arguments.output + ": is finished");
  const std::vector<InputError> errors = EmbeddingReader(arguments.output).errors();
  for (const InputError& error : errors) say_failed(error, program);
  return sum_up(inputs.size(), errors.size(), program);
}

/// A file without rows would stand in the way of the corrected call. Of a shard or of repeated
/// failures it is awaited by a merge.
bool is_nothing(const EmbeddingRun& run, const EmbedArguments& arguments) {
  return run.failed() == run.done() && arguments.shard.empty() && arguments.retry_failed.empty();
}

void say_times(const EmbedSummary& summary, const EmbedOptions& options, const Program& program) {
  program.messages.detail(fmt::format(
      "model: {:.1f} s, {:.1f} s of them idle; decoding: {:.1f} processor s on {} threads; {} "
      "windows per pass",
      summary.wall_s, summary.idle_s, summary.ingest_s, options.threads, options.batch));
}

}  // namespace

void check_texts(const OpenedModel& opened, bool allow_collapsed, const Program& program) {
  try {
    check_text_tower(opened);
  } catch (const Error& e) {
    if (!allow_collapsed)
      throw Error(e.fault(), e.subject(), e.reason() + "; --allow-collapsed embeds sound alone");
    program.messages.warn(e.what());
  }
}

int answer_nothing(std::size_t failed, const Program& program) {
  if (failed > 1)
    program.messages.note("none of " + std::to_string(failed) + " clips could be read: no output");
  return static_cast<int>(Fault::no_input);
}

int embed_recordings(const EmbedArguments& arguments, const Program& program,
                     const OpenedModel& opened) {
  Recordings job = gather(arguments, program, opened);
  if (output_exists(arguments)) return answer_done(arguments, program, job);
  const RunOutput output = run_output(arguments, program, job.header, opened, job.options.batch);
  auto run = open_run<EmbeddingRun>(*opened.model, job.take(), job.options, job.header, output);
  EmbedProgress progress(program, run.inputs().value_or(0));
  std::optional<TextOutput> report;
  if (!arguments.report.empty())
    report.emplace(arguments.report, arguments.resume || arguments.force);
  const std::atomic<bool>& stop = handle_interrupts();
  auto texts = std::async(std::launch::async,
                          [&] { check_texts(opened, arguments.allow_collapsed, program); });
  opened.model->check_sounds();
  texts.get();
  EmbeddingEvents events;
  events.ended = [&](const PartInput& input, const InputError* failure, bool copied) {
    if (failure != nullptr) say_failed(*failure, program);
    if (!input.warning.empty()) program.messages.warn(input.id + ": " + input.warning);
    if (report) report->write(report_line(input, failure));
    progress.add(input, failure != nullptr, copied);
  };
  events.advanced = [&](double seconds) { progress.advance(seconds); };
  events.embedded = [&](const EmbedSummary& summary) { say_times(summary, job.options, program); };
  const bool all = run.run(events, stop);
  if (report) {
    if (all) report->write(summary_line(progress.totals()));
    report->close();
  }
  if (!all) return answer_interrupt(run.interrupt(), arguments, program, "clips");
  if (is_nothing(run, arguments)) {
    run.discard();
    return answer_nothing(run.failed(), program);
  }
  run.commit();
  if (program.messages.quiet) return sum_up(run.done(), run.failed(), program);
  progress.finish();
  return run.failed() > 0 ? 1 : 0;
}

}  // namespace claptools::cmd
