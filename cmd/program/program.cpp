#include "cmd/program/program.hpp"

#include <sched.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string_view>

#include "claptools/core/version.hpp"
#include "cmd/options/option_types.hpp"

namespace claptools::cmd {
namespace {

constexpr std::uint64_t kMaxThreads = 4096;

std::string check_device(const std::string& word) {
  constexpr std::string_view kNumbered = "cuda:";
  const bool is_numbered =
      word.starts_with(kNumbered) && word.size() > kNumbered.size() &&
      word.find_first_not_of("0123456789", kNumbered.size()) == std::string::npos;
  if (word == "auto" || word == "cpu" || word == "cuda" || word == "cuda:all" || is_numbered)
    return {};
  const std::array<std::string, 5> words = {"auto", "cpu", "cuda", "cuda:N", "cuda:all"};
  return word == "gpu" ? "'gpu' is not one of auto, cpu, cuda, cuda:N, cuda:all; a GPU is cuda"
                       : not_one_of(word, words);
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
  add_number(app, "--threads", program.threads, WholeRange{1, kMaxThreads},
             "default: all processors", "N")
      ->group(kGroup);
  app.add_option("--device", program.device, "auto (default), cpu, cuda, cuda:N, cuda:all")
      ->type_name("NAME")
      ->check(check_device)
      ->group(kGroup);
  app.add_option("--progress", program.progress, "auto (default: on a terminal), always, never")
      ->type_name("WHEN")
      ->check(one_of({"auto", "always", "never"}))
      ->group(kGroup);
  app.add_flag("-v,--verbose", program.messages.verbose, "print more messages")->group(kGroup);
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

}  // namespace claptools::cmd
