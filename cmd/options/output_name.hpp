#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace claptools::cmd {

/// What a tool writes to a name that an option gave.
enum class Content {
  embeddings,           ///< HDF5, of clap-embed
  scores,               ///< HDF5, of clap-classify --scores
  neighbours,           ///< HDF5, of clap-index export
  index,                ///< a folder
  classifier,           ///< HDF5, of clap-classify --teach
  model,                ///< a folder
  model_or_checkpoint,  ///< a folder, or with .pt a file
  checkpoint,
  table,       ///< tab separated
  csv,         ///< comma separated
  json_lines,  ///< one object a line
  json,        ///< one object
  vectors,     ///< NumPy
  parquet,
  page,          ///< HTML
  picture,       ///< SVG
  test_results,  ///< JUnit's XML
  playlist,      ///< M3U
};

/// Rejects a name whose extension belongs to another format than the one written, such as
/// tags.csv for tabs or x.npy for HDF5. Names without an extension, or with an unknown one, are
/// accepted.
/// @throws Error{usage} that says which name or option gives what.
void require_fitting_name(const std::string& path, Content content);

/// The same for what has no row there. @param what is written: "an SRT file". @param endings that
/// fit, in lower case, each with a blank on both sides. @param advice a name to give.
void require_fitting_name(const std::string& path, std::string_view what, std::string_view endings,
                          std::string_view advice);

/// The extension of a name in lower case, without its dot; of a folder, too, if it ends in a slash.
std::string ending_of(const std::string& path);

/// An output must not be one of the inputs: it would be gone before it is read, or afterwards.
/// Names of files that do not exist and "-" are neither. @throws Error{usage}.
void require_no_input(const std::string& output, const std::vector<std::string>& inputs);

/// Standard input can be read once. @throws Error{usage} if it is named more often.
void require_one_stream(const std::vector<std::string>& inputs);

}  // namespace claptools::cmd
