#include "cmd/support/program.hpp"

#include <sched.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "mgaclap/core/version.hpp"

namespace mgaclap::cmd {
namespace {

constexpr int kMostThreads = 4096;

std::string check_device(const std::string& word) {
  constexpr std::string_view kNumbered = "cuda:";
  const bool is_numbered =
      word.starts_with(kNumbered) && word.size() > kNumbered.size() &&
      word.find_first_not_of("0123456789", kNumbered.size()) == std::string::npos;
  if (word == "auto" || word == "cpu" || word == "cuda" || word == "cuda:all" || is_numbered)
    return {};
  return "must be auto, cpu, cuda, cuda:N or cuda:all, not '" + word + "'";
}

std::string check_progress(const std::string& word) {
  if (word == "auto" || word == "always" || word == "never") return {};
  return "must be auto, always or never, not '" + word + "'";
}

std::string quote_word(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string quoted = "'";
  for (const char c : word) c == '\'' ? quoted += "'\\''" : quoted += c;
  return quoted += '\'';
}

}  // namespace

std::string Program::tool() const { return name + " " + kVersion; }

void add_common_options(CLI::App& app, Program& program) {
  constexpr const char* kGroup = "Common options";
  app.add_option("--threads", program.threads, "default: all processors")
      ->type_name("N")
      ->check(CLI::Range(1, kMostThreads))
      ->group(kGroup);
  app.add_option("--device", program.device, "auto (default), cpu, cuda, cuda:N, cuda:all")
      ->type_name("NAME")
      ->check(check_device)
      ->group(kGroup);
  app.add_option("--progress", program.progress, "auto (default: on a terminal), always, never")
      ->type_name("WHEN")
      ->check(check_progress)
      ->group(kGroup);
  app.add_flag("-v,--verbose", program.messages.verbose, "say more")->group(kGroup);
  app.add_flag("-q,--quiet", program.messages.quiet, "no warnings, no progress")->group(kGroup);
}

int usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
}

std::string shell_quote(int count, const char* const* words) {
  std::string line;
  for (int i = 0; i < count; ++i) line += (i > 0 ? " " : "") + quote_word(words[i]);
  return line;
}

}  // namespace mgaclap::cmd
