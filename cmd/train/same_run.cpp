#include "cmd/train/same_run.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "claptools/core/error.hpp"

namespace claptools::cmd {
namespace {

// No option of clap-train is called so; what else may differ comes before the batches.
constexpr const char* kData = "digest of the data";
constexpr const char* kBatches = "number of batches";

/// Several values of one name joined.
std::map<std::string, std::string> parse_lines(const std::string& lines) {
  std::map<std::string, std::string> values;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    const std::size_t equals = std::min(line.find('='), line.size());
    std::string& value = values[line.substr(0, equals)];
    value += (value.empty() ? "" : " ") + line.substr(std::min(equals + 1, line.size()));
  }
  return values;
}

std::string describe_difference(const std::string& name, const std::string* before,
                                const std::string* now) {
  if (name == kData)
    return "other data: recordings, captions, labels or durations are not the same";
  if (name == kBatches && before && now)
    return *before + " batches per epoch, now " + *now +
           ": this number of processes leaves out other pairs";
  const std::string option = name == "MANIFEST" ? name : "--" + name;
  return (before ? option + " " + *before : "no " + option) + ", now " + (now ? *now : "none");
}

}  // namespace

std::string describe_run(const CLI::App& app, const TrainingSet& set, const BatchPlan& plan) {
  // What may differ between two parts of one run.
  static const std::set<std::string> kFree = {
      "help",   "version",  "config",  "resume", "force",        "output", "threads",
      "device", "progress", "verbose", "quiet",  "load-threads", "cache",  "checkpoint"};
  std::string lines;
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() == 0) continue;
    const auto& names = option->get_lnames();
    const std::string name = names.empty() ? "MANIFEST" : names.front();
    if (kFree.contains(name)) continue;
    for (const std::string& value : option->results()) lines += name + "=" + value + "\n";
  }
  lines += kData + ("=" + std::to_string(set.digest())) + "\n";
  return lines + kBatches + "=" + std::to_string(plan.batches()) + "\n";
}

void require_same_run(const std::string& saved, const std::string& given,
                      const std::string& subject) {
  const auto before = parse_lines(saved), now = parse_lines(given);
  const auto value = [](const auto& values, const std::string& name) {
    const auto it = values.find(name);
    return it == values.end() ? nullptr : &it->second;
  };
  auto all = before;
  all.insert(now.begin(), now.end());
  for (const auto& [name, either] : all) {
    const std::string *a = value(before, name), *b = value(now, name);
    if (a && b && *a == *b) continue;
    throw Error(Fault::data, subject,
                "the run was started with " + describe_difference(name, a, b));
  }
}

}  // namespace claptools::cmd
