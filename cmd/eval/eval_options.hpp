#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/evaluate/clips.hpp"
#include "claptools/evaluate/detection.hpp"
#include "claptools/evaluate/generation/generation.hpp"
#include "claptools/evaluate/grounding.hpp"
#include "claptools/evaluate/moments/moments.hpp"
#include "claptools/evaluate/probe/probe.hpp"
#include "claptools/evaluate/retrieval.hpp"
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

/// Adds the options of one subcommand, bound to its task.
void add_options(CLI::App& app, ClassificationTask& task);
void add_options(CLI::App& app, TaggingTask& task);
void add_options(CLI::App& app, RetrievalTask& task);
void add_options(CLI::App& app, DetectionArguments& arguments);
void add_options(CLI::App& app, GroundingTask& task);
void add_options(CLI::App& app, ProbeTask& task);
void add_options(CLI::App& app, GenerationTask& task);
void add_options(CLI::App& app, MomentsTask& task);

/// What was typed for frame scores. @throws Error{usage} if there are none.
DetectionTask frame_task(const DetectionArguments& arguments);

/// @throws Error{usage} for options of detection that do not go together.
void check_options(const CLI::App& app, const DetectionArguments& arguments);

/// What was typed for lists of events. @throws Error{usage} for a duplicate threshold.
EventListTask list_task(const DetectionArguments& arguments);

/// The files of a task that were named, and what they are.
ReportRows files_of(const ClassificationTask& task);
ReportRows files_of(const TaggingTask& task);
ReportRows files_of(const RetrievalTask& task);
ReportRows files_of(const DetectionArguments& arguments);
ReportRows files_of(const GroundingTask& task);
ReportRows files_of(const ProbeTask& task);
ReportRows files_of(const GenerationTask& task);
ReportRows files_of(const MomentsTask& task);

/// The parts of "NAME=VALUE"; none without a name.
std::optional<std::pair<std::string, std::string>> split_assignment(std::string_view word);

/// A finite number and nothing else.
std::optional<double> parse_number(std::string_view text);

}  // namespace claptools::cmd
