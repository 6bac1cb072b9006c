#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "claptools/dataset/manifest.hpp"

namespace claptools {

/// Clips that are to be kept out of training: one per line, or in JSON a list, or the official
/// form: lists of several sources, {"AudioSet": [...], "FreeSound": [...]}. As in the official code
/// such a list is for the manifests whose path names its source (AudioCaps is of AudioSet, Clotho
/// of FreeSound); all are for a manifest that names none.
class Blacklist {
 public:
  /// @param path may be empty. @param manifest its path.
  /// @throws Error{no_input}, {io} if it cannot be read, {data} if it is neither.
  Blacklist(const std::string& path, const std::string& manifest);

  std::size_t size() const { return size_; }  ///< entries, also of lists for other manifests

  /// The entry that an item is left out for: its id, audio path, file name or file name without
  /// extension; entries may have another audio extension, and YouTube's ids go with or without the
  /// Y before them. Null if there is none.
  const std::string* find(const ManifestItem& item) const;

 private:
  void read_json(const std::string& text, const std::string& path, const std::string& manifest);
  void add(const std::string& entry);
  const std::string* look_up(const std::string& name) const;

  std::size_t size_ = 0;
  std::unordered_map<std::string, std::string> entries_;  ///< as given, by names that they match
};

}  // namespace claptools
