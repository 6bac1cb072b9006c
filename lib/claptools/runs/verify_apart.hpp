#pragma once

#include <optional>
#include <string>
#include <vector>

#include "claptools/core/error.hpp"

namespace claptools {

/// What is wrong with an embedding file.
struct Verdict {
  std::optional<Fault> fault = {};         ///< nothing: it is as it was written
  std::vector<std::string> problems = {};  ///< "FILE: reason"; of a crash that a handler of the
                                           ///< program spoke of, none
};

/// verify_embedding_file() in a child process, as HDF5 may crash on damaged structures or never
/// end: its processor time is limited. What ends this process ends the child. To be called while no
/// other thread uses this library.
/// @throws Error{io} if there can be no such process.
Verdict verify_apart(const std::string& file);

}  // namespace claptools
