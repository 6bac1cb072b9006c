#pragma once

#include <string>
#include <utility>
#include <vector>

#include "claptools/runs/embedding_output.hpp"
#include "cmd/embed/embed_arguments.hpp"

namespace claptools::cmd {

/// Where the run writes, and what makes it the same run as an earlier one.
/// @param batch windows per pass; 0 of texts.
RunOutput run_output(const EmbedArguments& arguments, const Program& program,
                     const EmbeddingHeader& header, const OpenedModel& opened, std::size_t batch);

/// A run of the library; what refuses it is answered with our options.
template <typename Run, typename... Parts>
Run open_run(Parts&&... parts) {
  try {
    return Run(std::forward<Parts>(parts)...);
  } catch (const UnfinishedRun& error) {
    throw Error(error.fault(), error.subject(),
                error.reason() + ": use --resume, or --force to start again");
  }
}

/// Whether there is an output already that --resume can only find finished.
bool output_exists(const EmbedArguments& arguments);

/// That output needs nothing done if it is what would be made.
/// @throws Error{cannot_create} if it is another.
void require_done(const EmbedArguments& arguments, const EmbeddingHeader& header,
                  const std::vector<AudioInput>& inputs);

/// Says how many inputs are kept. @param noun "clips". @return the exit code.
int answer_interrupt(std::size_t kept, const EmbedArguments& arguments, const Program& program,
                     const std::string& noun);

}  // namespace claptools::cmd
