#pragma once

#include <string>
#include <vector>

#include "claptools/learn/teach.hpp"
#include "claptools/metrics/lookup.hpp"
#include "cmd/classify/label_options.hpp"

namespace claptools::cmd {

/// --teach and what belongs to it.
struct TeachArguments {
  std::string labels;  ///< table of ids and labels; empty: nothing is taught
  TeachOptions how;
  NameMatching names;

  bool wanted() const { return !labels.empty(); }
};

/// --teach, --method, --C, --neighbours, --folds, --basenames, --stems.
void add_teach_options(CLI::App& app, TeachArguments& arguments);

/// Before work starts. @param table its output is the classifier. @param files the inputs.
/// @throws Error{usage} for options that teaching does not heed, or without an output;
/// {cannot_create}.
void check_teach_options(const CLI::App& app, const TeachArguments& arguments,
                         const TableOptions& table, std::vector<std::string> files);

/// @throws Error{usage} for options of teaching without --teach.
void refuse_teach_options(const CLI::App& app);

}  // namespace claptools::cmd
