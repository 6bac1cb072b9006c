#include "cmd/embed/embed_files.hpp"

#include <algorithm>

#include "claptools/core/error.hpp"
#include "claptools/runs/merge_files.hpp"
#include "claptools/runs/verify_apart.hpp"
#include "claptools/store/timestamp.hpp"
#include "cmd/program/interrupt.hpp"

namespace claptools::cmd {

int verify_files(const std::vector<std::string>& files, const Program& program) {
  int worst = 0;
  for (const std::string& file : files) {
    const Verdict verdict = verify_apart(file);
    for (const std::string& problem : verdict.problems) program.messages.error(problem);
    if (verdict.fault) worst = std::max(worst, static_cast<int>(*verdict.fault));
  }
  return worst;
}

int merge_files(const EmbedArguments& arguments, const Program& program) {
  const MergeOptions options{arguments.output, arguments.force,      arguments.virtual_sets,
                             program.tool(),   program.command_line, utc_timestamp()};
  const bool all = claptools::merge_files(arguments.inputs, options, handle_interrupts());
  return all ? 0 : interrupted_code();
}

}  // namespace claptools::cmd
