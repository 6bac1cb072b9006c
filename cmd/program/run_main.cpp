#include "cmd/program/run_main.hpp"

#include <fcntl.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/processors.hpp"
#include "claptools/core/system_reason.hpp"
#include "cmd/options/arguments.hpp"
#include "cmd/options/flag_names.hpp"
#include "cmd/options/usage_error.hpp"
#include "cmd/program/failure.hpp"
#include "cmd/program/interrupt.hpp"

namespace claptools::cmd {
namespace {

/// Options as a reader needs them: name and kind of value. CLI11 would add environment variables,
/// defaults and the text of every check.
class Formatter : public CLI::Formatter {
 public:
  Formatter() { column_width(30); }

  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0 || option->get_positional()) return {};
    const std::string type = option->get_type_name();
    return " " + type.substr(0, type.find(':'));
  }

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    return CLI::detail::find_and_replace(CLI::Formatter::make_help(app, std::move(name), mode),
                                         "\n\n\n", "\n\n");
  }
};

/// A file opened later must not become standard output because a caller closed that.
void open_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0) continue;
    // The wrong direction on purpose: using the stream fails as it should.
    const int fd = ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (fd >= 0 && fd != stream) ::close(fd);
  }
}

/// What options belong to: the tool itself or its subcommands.
std::vector<CLI::App*> commands(CLI::App& app) {
  std::vector<CLI::App*> subcommands = app.get_subcommands(nullptr);
  return subcommands.empty() ? std::vector<CLI::App*>{&app} : subcommands;
}

void add_shared_options(CLI::App& app, Program& program) {
  constexpr const char* kGroup = "Common options";
  for (CLI::App* command : commands(app)) {
    add_common_options(*command, program);
    command->fallthrough();    // --config
    command->set_help_flag();  // made anew, so that it stands last
    command->set_help_flag("-h,--help", "this help")->group(kGroup);
  }
  app.get_help_ptr()->group(kGroup);
  app.set_config("--config", "", "defaults of the options above (TOML or INI)")
      ->type_name("FILE")
      ->group(kGroup);
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.set_version_flag("--version", program.tool(), "name and version")->group(kGroup);
}

int code_of(Fault fault) { return static_cast<int>(fault); }

/// --help, --version and wrong usage.
int answer_parser(const CLI::App& app, const CLI::ParseError& error, const Program& program) {
  if (error.get_exit_code() == 0) {
    const std::string text = dynamic_cast<const CLI::CallForVersion*>(&error)
                                 ? std::string(error.what()) + "\n"
                                 : app.help();
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  const std::string text = describe_usage(app, error);
  program.messages.error(text + (text.ends_with('?') ? " see " : "; see ") + program.name +
                         " --help");
  const bool is_file = dynamic_cast<const CLI::FileError*>(&error) != nullptr;
  return code_of(is_file ? Fault::no_input : Fault::usage);
}

int parse_and_run(int argc, char** argv, const ToolInfo& tool, const Setup& setup,
                  Program& program) {
  CLI::App app(tool.summary, tool.name);
  app.formatter(std::make_shared<Formatter>());
  app.set_help_flag("-h,--help", "this help");
  app.footer("Example:\n" + std::string(tool.example));
  const Action action = setup(app, program);
  add_shared_options(app, program);
  try {
    parse_arguments(app, argc, argv);
  } catch (const CLI::ParseError& error) {
    return answer_parser(app, error, program);
  }
  usable_instructions();  // a wrong CLAP_ISA is told before any work
  return action();
}

int guarded(int argc, char** argv, const ToolInfo& tool, const Setup& setup, Program& program) {
  try {
    return parse_and_run(argc, argv, tool, setup, program);
  } catch (...) {
    const Error error = with_flags(current_failure());
    program.messages.error(error.subject(), error.reason());
    return code_of(error.fault());
  }
}

const char* running = "";  // the tool, for a moment in which no memory can be had

void say(std::string_view text) {
  [[maybe_unused]] const ::ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

/// For what is thrown where nobody can catch it: in a destructor, or while a library starts.
[[noreturn]] void give_up() {
  say(running);
  try {
    std::rethrow_exception(std::current_exception());
  } catch (const std::bad_alloc&) {
    say(": error: out of memory\n");
    ::_exit(code_of(Fault::unavailable));
  } catch (...) {
    say(": error: internal error\n");
  }
  ::_exit(code_of(Fault::internal));
}

/// One heap for all threads. The C library gives each its own, and what one thread fills and
/// another frees leaves gaps in many: over 10,000 recordings the memory of clap-embed would grow by
/// 3 %.
void share_heap() {
#ifdef __GLIBC__
  ::mallopt(M_ARENA_MAX, 1);
#endif
}

/// Written text may only fail to arrive when it is flushed.
int after_flushing(int code, const Program& program) {
  errno = 0;
  const bool failed = std::fflush(stdout) != 0 || std::ferror(stdout);
  if (!failed || code > 1) return code;
  program.messages.error("standard output: " + system_reason(errno ? errno : EIO));
  return code_of(Fault::io);
}

}  // namespace

int run_main(int argc, char** argv, const ToolInfo& tool, const Setup& setup) {
  running = tool.name;
  share_heap();
  std::set_terminate(give_up);
  clean_up_on_signals(tool.name);
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_IGN);  // writing beyond a limit of file sizes fails, as on a full disk
  open_standard_streams();
  Program program(tool.name);
  program.threads = usable_processors();
  if (argc > 0) {
    program.command_line = program.name;
    if (argc > 1) program.command_line += " " + shell_quote(argc - 1, argv + 1);
  }
  const int code = after_flushing(guarded(argc, argv, tool, setup, program), program);
#ifndef __SANITIZE_ADDRESS__  // which looks for leaks at exit
  // All is written and closed. LibTorch would need a quarter of a second to take itself apart, and
  // HDF5 1.10, which once got no memory, may free something twice.
  ::_exit(code);
#endif
  return code;
}

}  // namespace claptools::cmd
