#pragma once

#include <string>

#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {

/// A word of --labels that prints the label sets installed with the tools.
bool lists_label_sets(const std::string& labels);

/// The columns name, labels and file. @throws Error{io}.
void print_label_sets(const TableOptions& options);

/// The file of --labels: `labels` itself where it is one, else that of the label set of this name.
/// @throws Error{no_input} that names the sets, for a word that is neither.
std::string find_labels(const std::string& labels);

/// The file of --background: `texts` itself where it is one, else the generic texts.
std::string find_background(const std::string& texts);

}  // namespace claptools::cmd
