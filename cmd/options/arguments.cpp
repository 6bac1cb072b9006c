#include "cmd/options/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"

namespace claptools::cmd {
namespace {

using Words = std::vector<std::string>;
using Options = std::set<const CLI::Option*>;

/// CLI11 takes an argument "[a,b]" of a list apart, which is a file's name or a text here; a mark
/// at its end, removed again when the value is taken, hides the bracket; one at its beginning, a
/// dash.
constexpr char kMark = '\x1f';
constexpr const char* kEmpty = "is empty; is a variable of the shell not set?";

std::string without_mark(std::string word) {
  if (word.ends_with(kMark)) word.pop_back();
  if (word.starts_with(kMark)) word.erase(0, 1);
  return word;
}

void hide_brackets(Words& words) {
  for (std::string& word : words) {
    if (word.starts_with('[') && word.ends_with(']')) word += kMark;
  }
}

/// CLI11 takes "--" within a command for its end as soon as no argument is missing.
void hide_dashes(const CLI::App& app, Words& words) {
  const auto end = std::ranges::find(words, "--");
  const auto is_command = [&](const CLI::App* command) {
    return std::find(words.begin(), end, command->get_name()) != end;
  };
  if (end == words.end() || std::ranges::none_of(app.get_subcommands(nullptr), is_command)) return;
  for (auto word = words.erase(end); word != words.end(); ++word) {
    if (word->size() > 1 && word->starts_with('-')) word->insert(word->begin(), kMark);
  }
}

/// In front of the other checks of every option.
CLI::Validator take_value() {
  return {[](std::string& value) {
            value = without_mark(std::move(value));
            return std::string(value.empty() ? kEmpty : "");
          },
          ""};
}

/// CLI11 would take the word behind "--window=" for the value.
void refuse_empty_assignments(const Words& words) {
  for (const std::string& word : words) {
    if (word == "--") return;
    if (word.starts_with("--") && word.find('=') == word.size() - 1)
      throw CLI::ValidationError(word.substr(0, word.size() - 1), kEmpty);
  }
}

std::string variable_name(const CLI::Option& option) {
  if (option.get_lnames().empty() || !option.get_configurable()) return {};
  std::string name = "CLAP_" + option.get_lnames().front();
  std::ranges::transform(name, name.begin(), [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(c));
  });
  return name;
}

bool is_off(std::string word) {
  std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto words = {"0", "false", "no", "off", "n", "f", "disable"};
  return std::ranges::find(words, word) != words.end();
}

/// What the environment offers for a command. @return options and values.
std::map<const CLI::Option*, std::string> environment(const CLI::App& command) {
  std::map<const CLI::Option*, std::string> values;
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = variable_name(*option);
    const char* const value = name.empty() ? nullptr : std::getenv(name.c_str());
    const bool is_flag = option->get_type_size() == 0;
    if (option->count() > 0 || !value || !*value || (is_flag && is_off(value))) continue;
    values.emplace(option, value);
  }
  return values;
}

/// Leaves those of `defaults` that go with `given` and find what they need.
void keep_fitting(const Options& given, Options& defaults) {
  const auto misfits = [&](const CLI::Option* option) {
    const auto excludes = option->get_excludes(), needs = option->get_needs();
    return std::ranges::any_of(excludes, [&](auto* other) { return given.contains(other); }) ||
           std::ranges::any_of(needs, [&](auto* other) {
             return !given.contains(other) && !defaults.contains(other);
           });
  };
  while (std::erase_if(defaults, misfits) > 0) {
  }
}

Options options_with_value(const CLI::App& command) {
  Options given;
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() > 0) given.insert(option);
  }
  return given;
}

CLI::App& chosen_command(CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : *chosen.front();
}

/// The file of --config. Its defaults are offered once it is known what else has a value.
class ConfigFile : public CLI::ConfigBase {
 public:
  explicit ConfigFile(CLI::App& app) : app_(app) {}

  void offer(bool on) { is_offered_ = on; }

  std::vector<CLI::ConfigItem> from_config(std::istream& in) const override {
    if (!is_offered_) return {};
    auto read = CLI::ConfigBase::from_config(in);
    if (in.bad())
      throw Error(Fault::io, app_.get_config_ptr()->as<std::string>(), "cannot be read to its end");
    CLI::App& command = chosen_command(app_);
    // Of this command only: subcommands share what their options set.
    const auto own = command.get_options();
    Options defaults;
    for (const CLI::ConfigItem& item : read) {
      const CLI::Option* const option = find(item);
      if (std::ranges::count(own, option) > 0 && option->count() == 0) defaults.insert(option);
    }
    keep_fitting(options_with_value(command), defaults);
    std::erase_if(read, [&](const CLI::ConfigItem& item) {
      const CLI::Option* const option = find(item);
      return option && !defaults.contains(option);
    });
    return read;
  }

 private:
  /// Null for what is no option: a slip that CLI11 tells of, or the marks of a section.
  const CLI::Option* find(const CLI::ConfigItem& item) const {
    if (item.parents.empty()) return app_.get_option_no_throw("--" + item.name);
    for (const CLI::App* command : std::as_const(app_).get_subcommands(nullptr)) {
      if (command->get_name() == item.parents.front())
        return command->get_option_no_throw("--" + item.name);
    }
    return nullptr;
  }

  CLI::App& app_;
  bool is_offered_ = false;
};

void parse(CLI::App& app, Words words) {
  std::ranges::reverse(words);
  app.parse(words);
}

/// Parses for what is given; whether something is missing or does not go together is not yet known.
void look(CLI::App& app, const Words& words) {
  try {
    parse(app, words);
  } catch (const CLI::RequiredError&) {
  } catch (const CLI::RequiresError&) {
  } catch (const CLI::ExcludesError&) {
  }
}

}  // namespace

void parse_arguments(CLI::App& app, int argc, const char* const* argv) {
  Words words(argv + std::min(argc, 1), argv + argc);
  refuse_empty_assignments(words);
  hide_brackets(words);
  hide_dashes(app, words);
  std::vector<CLI::App*> commands = app.get_subcommands(nullptr);
  commands.push_back(&app);
  for (CLI::App* command : commands) {
    for (CLI::Option* option : command->get_options()) option->transform(take_value());
  }
  const auto config = std::make_shared<ConfigFile>(app);
  app.config_formatter(config);
  look(app, words);
  CLI::App& command = chosen_command(app);
  const Options given = options_with_value(command);
  const auto offered = environment(command);
  Options taken;
  for (const auto& [option, value] : offered) taken.insert(option);
  keep_fitting(given, taken);
  const auto end = std::ranges::find(words, "--") - words.begin();
  for (const auto& [option, value] : offered) {
    if (!taken.contains(option)) continue;
    words.insert(words.begin() + end, "--" + option->get_lnames().front() + "=" + value);
  }
  config->offer(true);
  // Only now: CLI11 would read a variable that was left out above.
  const auto name_sources = [&] {
    for (CLI::Option* option : command.get_options()) {
      if (given.contains(option)) continue;
      option->envname(taken.contains(option) ? variable_name(*option) : "--config");
    }
  };
  try {
    parse(app, words);
  } catch (const CLI::ParseError&) {
    name_sources();
    throw;
  }
  name_sources();
}

bool is_given(const CLI::Option& option) {
  return option.count() > 0 && option.get_envname().empty();
}

std::vector<std::string> leftover_words(const CLI::App& app) {
  Words words = app.remaining(true);
  std::erase(words, "--");
  std::ranges::transform(words, words.begin(), without_mark);
  return words;
}

std::string source_of(const CLI::Option& option) {
  return option.count() > 0 ? option.get_envname() : "";
}

}  // namespace claptools::cmd
