// clap-index: recordings or embedding files -> an index directory.
#include <CLI/CLI.hpp>
#include <memory>

#include "cmd/corpus/build_command.hpp"
#include "cmd/corpus/update_command.hpp"
#include "cmd/index/index_commands.hpp"

namespace claptools::cmd {
namespace {

Action setup(CLI::App& app, const Program& program) {
  const auto update_options = std::make_shared<UpdateOptions>();
  const auto arguments = std::make_shared<BuildArguments>();
  return set_up_index(app, program, [&](const auto& options, const AddCommand& command) {
    arguments->index = options;
    const auto built = std::make_shared<CLI::App*>();
    *built = command("build", "Make an index from recordings or embedding files.",
                     [=, &program] { return build(*arguments, **built, program); });
    add_build_options(**built, *arguments);
    CLI::App* const one = command("update", "Make an index hold recordings as they are now.",
                                  [=, &program] { return update(*update_options, program); });
    add_update_options(*one, *update_options);
  });
}

}  // namespace
}  // namespace claptools::cmd

int main(int argc, char** argv) {
  return claptools::cmd::run_main(argc, argv, claptools::cmd::kIndexTool, claptools::cmd::setup);
}
