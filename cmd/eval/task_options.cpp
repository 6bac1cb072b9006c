#include "cmd/eval/task_options.hpp"

#include <CLI/CLI.hpp>

#include "cmd/options/option_types.hpp"

namespace claptools::cmd {

CLI::Option* add_file(CLI::App& app, const char* name, std::string& file, const char* text) {
  return app.add_option(name, file, text)->type_name("FILE");
}

void add_intervals(CLI::App& app, EvaluationOptions& options) {
  add_number(app, "--ci", options.resamples, WholeRange{1, 10'000'000},
             "intervals from N bootstrap resamples of clips", "N");
  add_number(app, "--ci-level", options.level, RealRange{0, 1, "", true, true},
             "share of the resamples that the intervals hold (0.95; balanced 0.9)", "SHARE")
      ->needs("--ci");
  add_number(app, "--seed", options.seed, WholeRange{}, "seed of the resamples (1; balanced 0)",
             "N")
      ->needs("--ci");
}

void add_names(CLI::App& app, NameMatching& names) {
  app.add_flag("--basenames", names.basenames,
               "compare only the part of file names after the last slash");
  app.add_flag("--stems", names.stems, "compare file names without their last extension");
}

void add_unscored(CLI::App& app, bool& drop) {
  app.add_flag("--drop-clips-without-truth", drop,
               "ignore scored clips that the truth does not have");
}

CLI::Option* add_median(CLI::App& app, std::size_t& window, const char* text) {
  return add_number(app, "--median", window, WholeRange{1, 100'001, "frames"}, text, "FRAMES");
}

void add_merge(CLI::App& app, bool& merge) {
  app.add_flag("--merge-overlapping", merge, "merge events of one class that overlap or touch");
}

ReportRows given(ReportRows files) {
  std::erase_if(files, [](const auto& file) { return file.second.empty(); });
  return files;
}

std::optional<std::pair<std::string, std::string>> split_assignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
  return std::pair(std::string(word.substr(0, equals)), std::string(word.substr(equals + 1)));
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  return read_number(text, RealRange{}, value).empty() ? std::optional(value) : std::nullopt;
}

}  // namespace claptools::cmd
