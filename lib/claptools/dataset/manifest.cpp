#include "claptools/dataset/manifest.hpp"

#include "claptools/archive/tar_reader.hpp"
#include "claptools/dataset/manifest_builder.hpp"

namespace claptools {

std::vector<ManifestItem> read_manifest(const std::string& path, const ManifestOptions& options,
                                        const Log& log) {
  ManifestBuilder builder(path, options);
  if (path.ends_with(".json"))
    read_json_manifest(builder);
  else if (path.ends_with(".jsonl") || path.ends_with(".ndjson"))
    read_json_lines_manifest(builder);
  else if (is_tar_name(path))
    read_tar_manifest(builder, log);
  else
    read_table_manifest(builder);
  return builder.finish();
}

}  // namespace claptools
