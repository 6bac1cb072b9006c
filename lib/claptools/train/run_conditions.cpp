#include "claptools/train/run_conditions.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

// No option is called so; what else may differ comes before the batches.
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
  return (before ? name + " " + *before : "no " + name) + ", now " + (now ? *now : "none");
}

}  // namespace

std::string describe_run(std::span<const std::pair<std::string, std::string>> options,
                         const TrainingSet& set, const BatchPlan& plan) {
  std::string lines;
  for (const auto& [name, value] : options) lines += name + "=" + value + "\n";
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

}  // namespace claptools
