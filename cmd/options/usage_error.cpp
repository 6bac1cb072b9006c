#include "cmd/options/usage_error.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <optional>
#include <vector>

#include "claptools/core/strings/join.hpp"
#include "claptools/core/strings/suggest.hpp"
#include "cmd/options/arguments.hpp"

namespace claptools::cmd {
namespace {

using Words = std::vector<std::string>;

/// The long options of the tool and of the command, or of all where none was given.
Words long_options(const CLI::App& app) {
  Words names;
  std::vector<const CLI::App*> apps = app.get_subcommands(nullptr);
  if (!app.get_subcommands().empty()) apps = {app.get_subcommands().front()};
  apps.push_back(&app);
  for (const CLI::App* command : apps) {
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::string with_hint(std::string text, const std::string& nearest) {
  return nearest.empty() ? text : text + "; did you mean " + nearest + "?";
}

std::string unknown_option(const CLI::App& app, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  const std::string dashed = name.starts_with("--") ? name : "-" + name;  // -force
  return with_hint("unknown option '" + name + "'", nearest_word(dashed, long_options(app)));
}

std::string unknown_command(const Words& commands, const std::string& word) {
  const std::string nearest = nearest_word(word, commands);
  const std::string text = "unknown command '" + word + "'";
  return nearest.empty() ? text + "; there are " + join(commands, ", ")
                         : with_hint(text, "'" + nearest + "'");
}

/// What is left over says more than what is then missing.
std::optional<std::string> describe_leftovers(const CLI::App& app) {
  const Words left = leftover_words(app);
  Words commands;
  for (const CLI::App* command : app.get_subcommands(nullptr))
    commands.push_back(command->get_name());
  const auto option = std::ranges::find_if(
      left, [](const std::string& word) { return word.size() > 1 && word[0] == '-'; });
  if (!commands.empty() && app.get_subcommands().empty()) {
    if (left.empty()) return "a subcommand is required: " + join(commands, ", ");
    if (option != left.begin()) return unknown_command(commands, left.front());
  }
  if (option != left.end()) return unknown_option(app, *option);
  if (!left.empty()) return "unexpected argument '" + left.front() + "'";
  return std::nullopt;
}

/// CLI11's sentence as the rest of a line: "Could not ..." becomes "could not ...".
std::string uncapitalised(std::string text) {
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1]))) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  return text;
}

/// Splits "--a excludes --b" at the word.
std::string joined_by(const std::string& text, const std::string& word, const char* instead) {
  const std::size_t at = text.find(word);
  return at == std::string::npos ? text
                                 : text.substr(0, at) + instead + text.substr(at + word.size());
}

std::string describe_mismatch(const std::string& text) {
  const std::string option = text.substr(0, text.find(':'));
  if (text.find(" missing") != std::string::npos) return option + ": a value is missing";
  if (text.find(" required but received ") != std::string::npos)
    return option + ": is given more than once";
  return uncapitalised(text);
}

std::string translate(const CLI::ParseError& error, const std::string& text) {
  if (dynamic_cast<const CLI::ExcludesError*>(&error))
    return joined_by(text, " excludes ", ": does not go with ");
  if (dynamic_cast<const CLI::RequiresError*>(&error))
    return joined_by(text, " requires ", ": needs ");
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) return describe_mismatch(text);
  if (dynamic_cast<const CLI::ConversionError*>(&error))  // of flags; numbers are checked before
    return joined_by(joined_by(text, "Could not convert: ", ""), " = ",
                     ": is on or off, true or false, not ");
  return uncapitalised(text);
}

/// A value that the user did not type is told with its source.
std::string with_source(const CLI::App& app, const std::string& text) {
  const auto chosen = app.get_subcommands();
  const CLI::App& command = chosen.empty() ? app : *chosen.front();
  const std::string name = text.substr(0, text.find(':'));
  const CLI::Option* const option =
      name.starts_with("--") ? command.get_option_no_throw(name) : nullptr;
  const std::string source = option ? source_of(*option) : "";
  return source.empty() ? text : "from " + source + ": " + text;
}

}  // namespace

std::string describe_usage(const CLI::App& app, const CLI::ParseError& error) {
  const bool is_gap = dynamic_cast<const CLI::ExtrasError*>(&error) ||
                      dynamic_cast<const CLI::RequiredError*>(&error) ||
                      dynamic_cast<const CLI::RequiresError*>(&error) ||
                      dynamic_cast<const CLI::ExcludesError*>(&error);
  if (is_gap) {
    if (const auto leftovers = describe_leftovers(app)) return *leftovers;
  }
  const std::string text = error.what();
  return with_source(app, translate(error, text.substr(0, text.find('\n'))));
}

}  // namespace claptools::cmd
