#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace claptools::cmd {

/// Parses a command line into the options of `app`. Defaults fill what it does not give: first the
/// environment (--min-score: CLAP_MIN_SCORE; an empty variable is ignored), then the file of
/// --config. A default that conflicts with the command line, or lacks an option that it needs, is
/// ignored, as is a flag's that is 0, false, no or off. No value may be empty.
/// @throws CLI::ParseError.
void parse_arguments(CLI::App& app, int argc, const char* const* argv);

/// After parse_arguments(): whether the option stands on the command line.
bool is_given(const CLI::Option& option);

/// What gave the option its value, if not the command line: "CLAP_MIN_SCORE", "--config"; else "".
std::string source_of(const CLI::Option& option);

/// What a parse that failed could make nothing of.
std::vector<std::string> leftover_words(const CLI::App& app);

}  // namespace claptools::cmd
