#include "cmd/embed/run_output.hpp"

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/runs/finished_run.hpp"
#include "claptools/runs/run_header.hpp"
#include "cmd/program/interrupt.hpp"

namespace claptools::cmd {
namespace {

RunJournal::Mode mode_of(const EmbedArguments& arguments) {
  if (arguments.resume) return RunJournal::Mode::resume;
  return arguments.force ? RunJournal::Mode::force : RunJournal::Mode::begin;
}

}  // namespace

RunOutput run_output(const EmbedArguments& arguments, const Program& program,
                     const EmbeddingHeader& header, const OpenedModel& opened, std::size_t batch) {
  const RunConditions conditions{opened.config_sha256, opened.model->device(), batch};
  return {arguments.output, mode_of(arguments), run_fingerprint(header, conditions),
          program.messages.log()};
}

bool output_exists(const EmbedArguments& arguments) {
  return arguments.resume && is_there(arguments.output, Fault::cannot_create);
}

void require_done(const EmbedArguments& arguments, const EmbeddingHeader& header,
                  const std::vector<AudioInput>& inputs) {
  const std::string difference = compare_finished(arguments.output, header, inputs);
  if (difference.empty()) return;
  throw Error(Fault::cannot_create, arguments.output,
              "is finished, but " + difference + "; use --force to replace it");
}

int answer_interrupt(std::size_t kept, const EmbedArguments& arguments, const Program& program,
                     const std::string& noun) {
  if (kept > 0) {
    program.messages.note(arguments.output + ": interrupted, " + std::to_string(kept) + " " + noun +
                          " are kept for --resume");
  }
  return interrupted_code();
}

}  // namespace claptools::cmd
