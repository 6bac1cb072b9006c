#include "claptools/core/error.hpp"
#include "claptools/runs/run_header.hpp"
#include "claptools/runs/text_run.hpp"
#include "cmd/embed/embed_run.hpp"
#include "cmd/embed/run_output.hpp"
#include "cmd/model/text_source.hpp"
#include "cmd/program/interrupt.hpp"
#include "cmd/program/progress.hpp"

namespace claptools::cmd {
namespace {

void require_done(const EmbedArguments& arguments, const EmbeddingHeader& header,
                  TextSource& source) {
  std::vector<AudioInput> texts;
  for (std::string& text : source.next(static_cast<std::size_t>(-1)))
    texts.push_back({std::move(text), {}, {}});
  require_done(arguments, header, texts);
}

}  // namespace

int embed_texts(const EmbedArguments& arguments, const Program& program,
                const OpenedModel& opened) {
  EmbeddingHeader header = make_header(arguments, program, opened);
  header.options = describe_text_options(arguments.clean_captions, header.half);
  const std::atomic<bool>& stop = handle_interrupts();
  TextSource source(arguments.inputs, arguments.nul_separated, program.messages, stop);
  if (output_exists(arguments)) {
    require_done(arguments, header, source);
    return 0;
  }
  auto run =
      open_run<TextRun>(*opened.model, TextRunOptions{arguments.clean_captions, program.threads},
                        header, run_output(arguments, program, header, opened, 0));
  opened.model->check_texts();
  Progress progress(program, "embedded", "texts");
  const bool all = run.run([&](std::size_t count) { return source.next(count); },
                           [&](std::size_t done) { progress.update(done); }, stop);
  if (!all) return answer_interrupt(run.interrupt(), arguments, program, "texts");
  if (run.done() == 0) throw Error(Fault::no_input, "input", "no texts given");
  run.commit();
  progress.finish(run.done());
  return 0;
}

}  // namespace claptools::cmd
