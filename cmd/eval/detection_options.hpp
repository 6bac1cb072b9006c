#pragma once

#include <string>
#include <vector>

#include "claptools/evaluate/detection.hpp"
#include "cmd/post/post_options.hpp"

namespace CLI {
class App;
}

namespace claptools::cmd {

/// Detection from frame scores, or from lists of events if there are any.
struct DetectionArguments {
  DetectionTask task;
  PostArguments post;
  bool tunes = false;
  std::string tuned_lengths;  ///< "0.32,0.64": of the filters that are tried; empty: the grid's
  std::vector<std::string> events;   ///< "T=FILE"
  std::vector<std::string> classes;  ///< of event lists, besides those of the truth
  std::vector<std::string> psds;     ///< "dtc=0.5,gtc=0.5,..."
};

/// Adds the options of the subcommand.
void add_options(CLI::App& app, DetectionArguments& arguments);

/// What was typed for frame scores. @throws Error{usage} if there are none.
DetectionTask frame_task(const DetectionArguments& arguments);

/// @throws Error{usage} for options of detection that do not go together.
void check_options(const CLI::App& app, const DetectionArguments& arguments);

/// What was typed for lists of events. @throws Error{usage} for a duplicate threshold.
EventListTask list_task(const DetectionArguments& arguments);

/// The files that were named, and what they are.
ReportRows files_of(const DetectionArguments& arguments);

}  // namespace claptools::cmd
