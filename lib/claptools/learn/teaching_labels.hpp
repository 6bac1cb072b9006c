#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/learn/logistic.hpp"

namespace claptools {

/// The recordings that a person has labelled.
struct TeachingLabels {
  std::string file;                                     ///< for messages
  std::vector<std::string> classes;                     ///< distinct, in byte order
  std::vector<std::string> ids;                         ///< distinct, in the order of the file
  std::vector<std::vector<std::uint32_t>> ids_classes;  ///< [ids], sorted
  std::vector<std::string> folds;                       ///< [ids], or none
  ClassChoice choice = ClassChoice::one;  ///< `any` where an id has no class or several
};

/// Reads a table with the columns `id` (or `clip_id`, `filename`) and `label`, perhaps `fold`: one
/// label per line, several lines per id for several; an empty label says that the recording has
/// none of the classes. Instead of `label` there may be `event_labels`, several in one field, as
/// clap-eval's truth of tagging has them.
/// @param fold_column what `fold` is called.
/// @param path "-" is standard input. @throws Error{no_input}, {data} naming the line.
TeachingLabels read_teaching_labels(const std::string& path, const Log& log,
                                    std::string_view fold_column = "fold");

}  // namespace claptools
