#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace claptools::cmd {

/// What is wrong with a command line, in this project's words: CLI11's say what its parser met, not
/// what to do. One line, lower case, without a full stop.
std::string describe_usage(const CLI::App& app, const CLI::ParseError& error);

}  // namespace claptools::cmd
