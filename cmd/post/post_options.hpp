#pragma once

#include <string>

#include "claptools/core/strings/number.hpp"
#include "claptools/tasks/csebbs/csebbs.hpp"

namespace CLI {
class App;
}

namespace claptools::cmd {

/// What frame scores go through before they are compared with thresholds.
enum class Post { median, csebbs };

struct PostArguments {
  Post post = Post::median;
  CsebbsParameters csebbs;  ///< of classes that `parameters` does not name
  std::string parameters;   ///< table of read_csebbs_parameters(); may be empty
};

/// How long a step filter may be.
inline constexpr RealRange kStepFilterLength_s{0, 3600, "s", true};

/// --post, --post-parameters, --step-filter-length, --merge-threshold-abs, --merge-threshold-rel.
void add_post_options(CLI::App& app, PostArguments& arguments);

/// @throws Error{usage} for an option that the other post-processing has, unless it is a default.
void check_post_options(const CLI::App& app, const PostArguments& arguments);

}  // namespace claptools::cmd
