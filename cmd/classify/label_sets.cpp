#include "cmd/classify/label_sets.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/strings/join.hpp"
#include "claptools/tasks/labels.hpp"
#include "cmd/model/model_options.hpp"

namespace claptools::cmd {
namespace {

namespace fs = std::filesystem;

fs::path folder() { return share_folder() / "labels"; }

/// In alphabetical order.
std::vector<std::string> names() {
  std::vector<std::string> all;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder(), code))
    if (entry.path().extension() == ".tsv") all.push_back(entry.path().stem().native());
  std::ranges::sort(all);
  return all;
}

bool is_path(const std::string& labels) {
  std::error_code code;
  return labels.empty() || labels == "-" || fs::exists(labels, code) || code;
}

}  // namespace

bool lists_label_sets(const std::string& labels) { return labels == "list" && !is_path(labels); }

void print_label_sets(const TableOptions& options) {
  TableWriter table(options, {"name", "labels", "file"});
  for (const std::string& name : names()) {
    const std::string file = (folder() / (name + ".tsv")).native();
    InputStream in(file);
    table.row(std::array{text(name), count(Labels::read(in, file).size()), text(file)});
  }
  table.close();
}

std::string find_labels(const std::string& labels) {
  if (is_path(labels) || labels.find_first_of("./") != labels.npos) return labels;
  const std::vector<std::string> known = names();
  if (std::ranges::count(known, labels) > 0) return (folder() / (labels + ".tsv")).native();
  throw Error(Fault::no_input, labels,
              "no such file, nor a label set: " + (known.empty() ? "none" : join(known, ", ")));
}

std::string find_background(const std::string& texts) {
  return texts == "generic" && !is_path(texts) ? (folder() / "background.txt").native() : texts;
}

}  // namespace claptools::cmd
