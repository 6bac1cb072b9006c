#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/dataset/blacklist.hpp"
#include "claptools/dataset/manifest.hpp"

namespace claptools {

/// Collects the items of a manifest while it is read: what all formats have in common.
class ManifestBuilder {
 public:
  /// Reads the blacklist. @throws Error{no_input}.
  ManifestBuilder(std::string path, const ManifestOptions& options);

  const std::string& path() const { return path_; }
  const ManifestOptions& options() const { return options_; }

  /// A value of an item by its column or key; nothing if there is no such.
  using ValueOf = std::function<std::optional<std::string>(const std::string& name)>;

  /// The audio that an item names: by `audio`; else by --audio-name, if that is not the default and
  /// the item has its columns; else by another column of kAudioColumns or the default name. Empty
  /// if there is none.
  std::string find_audio(const ValueOf& value_of) const;

  /// Cleans the captions and resolves the audio's path of an item read at `where` ("line 7").
  /// @throws Error{data} if it has no audio or no caption.
  void add(ManifestItem item, const std::string& where);

  /// @return seconds; 0 for an empty text. @throws Error{data}.
  double parse_duration(std::string_view text, const std::string& where) const;

  /// @throws Error{data} "PATH: where: reason".
  [[noreturn]] void fail(const std::string& where, const std::string& reason) const;

  /// The items. @throws Error{data} if there are none.
  std::vector<ManifestItem> finish();

 private:
  std::optional<std::string> fill_audio_name(const ValueOf& value_of) const;

  std::string path_;
  ManifestOptions options_;
  Blacklist blacklist_;
  std::size_t left_out_ = 0;
  std::vector<ManifestItem> items_;
};

void read_json_manifest(ManifestBuilder& builder);
void read_json_lines_manifest(ManifestBuilder& builder);
void read_table_manifest(ManifestBuilder& builder);
void read_tar_manifest(ManifestBuilder& builder, const Log& log);

/// An item from a JSON object as text; its audio and captions may be absent.
ManifestItem parse_json_item(std::string_view text, const ManifestBuilder& builder,
                             const std::string& where);

/// The lines of a text, without line ends and without blank ones.
std::vector<std::string> split_lines(std::string_view text);

}  // namespace claptools
