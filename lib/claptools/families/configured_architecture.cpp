#include "claptools/families/configured_architecture.hpp"

#include "claptools/core/files/output_path.hpp"

namespace claptools {

std::vector<std::string> find_tables(const ModelSource& source,
                                     const std::vector<std::vector<std::string>>& choices,
                                     const std::vector<std::string>& usual) {
  if (source.config.empty()) return usual;
  for (const std::vector<std::string>& files : choices) {
    if (is_there(source.config.parent_path() / files[0], Fault::no_input)) return files;
  }
  return usual;
}

}  // namespace claptools
