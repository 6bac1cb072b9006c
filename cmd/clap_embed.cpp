// clap-embed: recordings or texts to an embedding file.

#include <CLI/CLI.hpp>
#include <memory>

#include "cmd/embed/embed_arguments.hpp"
#include "cmd/embed/embed_files.hpp"
#include "cmd/embed/embed_run.hpp"
#include "cmd/program/run_main.hpp"

namespace claptools::cmd {
namespace {

constexpr ToolInfo kTool = {"clap-embed", "Embed recordings or texts into one HDF5 file.",
                            "  clap-embed recordings/ -o corpus.h5\n"
                            "  find . -name '*.flac' | clap-embed - --window 5 --hop 2.5 -o - | "
                            "clap-index build - -o corpus.clapindex\n"
                            "  clap-embed --text captions.txt -o captions.h5\n"
                            "  clap-embed corpus/ --shard 0/4 -o 0.h5 --resume; ...; clap-embed "
                            "--merge ?.h5 -o all.h5"};

int run(EmbedArguments& arguments, const Program& program, const CLI::App& app) {
  check(arguments, app);
  if (arguments.verify) return verify_files(arguments.inputs, program);
  if (arguments.merge) return merge_files(arguments, program);
  const OpenedModel opened =
      open_model(arguments.model, program, arguments.text ? Workload::texts : Workload::audio,
                 arguments.audio.precision);
  program.messages.detail("device: " + opened.model->device());
  return arguments.text ? embed_texts(arguments, program, opened)
                        : embed_recordings(arguments, program, opened);
}

Action setup(CLI::App& app, const Program& program) {
  auto arguments = std::make_shared<EmbedArguments>();
  add_embed_options(app, *arguments);
  return [arguments, &program, &app] { return run(*arguments, program, app); };
}

}  // namespace
}  // namespace claptools::cmd

int main(int argc, char** argv) {
  return claptools::cmd::run_main(argc, argv, claptools::cmd::kTool, claptools::cmd::setup);
}
