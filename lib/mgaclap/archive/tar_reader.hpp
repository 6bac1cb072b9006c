#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "mgaclap/archive/tar_file.hpp"
#include "mgaclap/core/log.hpp"

namespace mgaclap {

/// Whether a name ends in `.tar`, or as that of a compressed tar file.
bool is_tar_name(std::string_view path);

struct TarMember {
  std::string name;                 ///< in the tar file
  std::uint64_t offset = 0;         ///< for read_tar_member
  std::vector<std::uint8_t> bytes;  ///< empty if the member was not wanted
};

/// Members of one key; WebDataset calls it a sample.
struct TarSample {
  std::string key;                           ///< the name up to the first dot of its last part
  std::map<std::string, TarMember> members;  ///< by extension: what follows that dot
};

struct TarLimits {
  std::uint64_t max_bytes = std::uint64_t{256} << 20;  ///< of a sample, or of one member
};

/// Streams the samples of a WebDataset shard in the order of the file; memory holds one sample and
/// 8 bytes a key. Folders, links, devices, sparse files and names without a key or an extension are
/// skipped, all but folders with a warning. Names are never taken for paths.
class TarReader {
 public:
  /// Whether a member's bytes are to be read, by its extension.
  using Wanted = std::function<bool(std::string_view extension)>;

  /// @param wanted may be empty: all are.
  /// @throws as TarFile.
  explicit TarReader(std::string path, Wanted wanted = {}, const TarLimits& limits = {},
                     Log log = {});

  /// The next sample, or nothing at the end.
  /// @throws Error{data} naming the shard: as TarFile; for a sample that is too large, an extension
  /// that a key has twice, or a key whose members do not stand together.
  std::optional<TarSample> next();

  bool compressed() const { return file_.compressed(); }

 private:
  struct Name {
    std::string key, extension;
  };

  bool advance();
  std::optional<Name> split_name() const;
  void add_member(TarSample& sample);
  [[noreturn]] void fail(const std::string& reason) const;

  std::string path_;
  Wanted wanted_;
  TarLimits limits_;
  Log log_;
  TarFile file_;
  std::optional<TarEntry> entry_;  ///< read, but not yet part of a sample
  Name name_;                      ///< of entry_
  std::uint64_t left_ = 0;         ///< bytes that the sample in hand may still take
  std::unordered_set<std::uint64_t> keys_;
};

/// One member of an uncompressed tar file.
/// @param offset, name of the member, as TarReader gave them.
/// @throws as TarFile; Error{data} if another member is there now.
std::vector<std::uint8_t> read_tar_member(const std::string& path, std::uint64_t offset,
                                          const std::string& name, const TarLimits& limits = {});

}  // namespace mgaclap
