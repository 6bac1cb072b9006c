#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "claptools/archive/tar_file.hpp"
#include "claptools/core/log.hpp"

namespace claptools {

/// Whether a name ends in `.tar`, or as that of a compressed tar file.
bool is_tar_name(std::string_view path);

struct TarMember {
  std::string name;                 ///< in the tar file
  std::uint64_t offset = 0;         ///< for read_tar_member
  std::vector<std::uint8_t> bytes;  ///< empty if the member was not wanted
  std::string broken = {};          ///< why it cannot be read; empty if it can
  FileStamp stamp = {};             ///< size and time of the last change, by the header
};

/// Members of one key; WebDataset calls it a sample.
struct TarSample {
  std::string key;
  std::map<std::string, TarMember> members;  ///< by what follows the key and a dot
};

struct TarLimits {
  std::uint64_t max_bytes = std::uint64_t{256} << 20;  ///< of a sample, or of one member
  bool passes_larger = false;  ///< a larger member is broken; else its shard is refused
};

/// Streams the samples of a WebDataset shard in the order of the file; memory holds the samples
/// that agree up to the first dot, and 8 bytes per key. Links and devices are broken members.
/// Folders are skipped, and names without a key or an extension: with a message, except hidden
/// ones. Names are never taken for paths.
///
/// A key ends at the last dot of a name: "Yabc_30.000_40.000.wav" goes with
/// "Yabc_30.000_40.000.json". WebDataset ends it at the first; where members agree up to a dot, one
/// without audio goes to the audio of which it is the longer or, if that has no others, the shorter
/// name: "1.meta.json" goes with "1.wav", and "1.left.wav" and "1.right.wav" with "1.json".
class TarReader {
 public:
  /// Whether a member's bytes are to be read, or it is audio, by its extension.
  using ByExtension = std::function<bool(std::string_view extension)>;

  /// @param wanted   may be empty: all are.
  /// @param is_audio may be empty: then keys end at the last dot.
  /// @throws as TarFile.
  explicit TarReader(std::string path, ByExtension wanted = {}, const TarLimits& limits = {},
                     Log log = {}, ByExtension is_audio = {});
  /// Of a file that has been opened, at its beginning.
  explicit TarReader(std::unique_ptr<TarFile> file, ByExtension wanted = {},
                     const TarLimits& limits = {}, Log log = {}, ByExtension is_audio = {});

  /// The next sample, or nothing at the end.
  /// @throws Error{data} naming the shard: as TarFile; for samples that are too large, an extension
  /// that a key has twice, or a key whose members do not stand together.
  std::optional<TarSample> next();

  bool compressed() const { return file_->compressed(); }

 private:
  struct Name {
    std::string group, key, extension;  ///< the name up to its first and its last dot
  };

  bool advance();
  std::optional<Name> split_name() const;
  void skip(const std::string& reason);
  void read_group();
  TarSample& sample_of(const std::string& key);
  void add_member(TarSample& sample);
  bool has_audio(const TarSample& sample) const;
  void join_sides();
  TarSample* find_shorter(const std::string& key);
  void take_longer(TarSample& side);
  static void join(TarSample& sample, TarSample& longer);
  [[noreturn]] void fail(const std::string& reason) const;

  std::unique_ptr<TarFile> file_;
  ByExtension wanted_, is_audio_;
  TarLimits limits_;
  Log log_;
  std::optional<TarEntry> entry_;  ///< read, but not yet part of a sample
  Name name_;                      ///< of entry_
  std::vector<TarSample> group_;   ///< current samples, in the order of their first members
  std::map<std::string, std::size_t> places_;  ///< of keys in group_
  std::size_t taken_ = 0;                      ///< of group_
  std::uint64_t left_ = 0;                     ///< bytes that the group may still take
  std::unordered_set<std::uint64_t> keys_;
  std::size_t skipped_ = 0;
};

/// One member of an uncompressed tar file.
/// @param offset, name of the member, as TarReader gave them.
/// @throws as TarFile; Error{data} if another member is there now.
std::vector<std::uint8_t> read_tar_member(const std::string& path, std::uint64_t offset,
                                          const std::string& name, const TarLimits& limits = {});

}  // namespace claptools
