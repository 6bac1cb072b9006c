#pragma once

#include "claptools/evaluate/clips.hpp"
#include "claptools/evaluate/generation/generation.hpp"
#include "claptools/evaluate/grounding.hpp"
#include "claptools/evaluate/moments/moments.hpp"
#include "claptools/evaluate/probe/probe.hpp"
#include "claptools/evaluate/retrieval.hpp"
#include "cmd/eval/detection_options.hpp"

namespace CLI {
class App;
}

namespace claptools::cmd {

/// Adds the options of one subcommand, bound to its task.
void add_options(CLI::App& app, ClassificationTask& task);
void add_options(CLI::App& app, TaggingTask& task);
void add_options(CLI::App& app, RetrievalTask& task);
void add_options(CLI::App& app, GroundingTask& task);
void add_options(CLI::App& app, ProbeTask& task);
void add_options(CLI::App& app, GenerationTask& task);
void add_options(CLI::App& app, MomentsTask& task);

/// The files of a task that were named, and what they are.
ReportRows files_of(const ClassificationTask& task);
ReportRows files_of(const TaggingTask& task);
ReportRows files_of(const RetrievalTask& task);
ReportRows files_of(const GroundingTask& task);
ReportRows files_of(const ProbeTask& task);
ReportRows files_of(const GenerationTask& task);
ReportRows files_of(const MomentsTask& task);

}  // namespace claptools::cmd
