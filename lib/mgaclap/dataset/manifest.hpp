#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mgaclap/core/log.hpp"

namespace mgaclap {

/// Where the audio of an item is: in a file, or in a member of an uncompressed tar shard.
struct AudioSource {
  std::string path;
  std::string member;        ///< its name in the shard `path`; empty: `path` is the recording
  std::uint64_t offset = 0;  ///< of the member's header
};

/// One clip with what is said about it.
struct ManifestItem {
  AudioSource audio;
  std::string id;                     ///< as the manifest has it, else the audio's name
  double duration_s = 0;              ///< 0: not told
  std::vector<std::string> captions;  ///< after clean_caption; at least one, none blank
  std::string label;                  ///< may be empty
};

struct ManifestOptions {
  std::string audio_root = {};  ///< folder of audio that is named by a relative path
  /// Audio of a row in a table without a column for it; {COLUMN} stands for the row's value. The
  /// default is how the official code names the clips of AudioCaps.
  std::string audio_name = "Y{youtube_id}.wav";
  /// File of ids, audio paths, file names or file names without extension, one a line: an item of
  /// which one of these four is listed is left out. Empty: none.
  std::string blacklist = {};
};

/// Reads the captioned clips of a manifest. What it is, its name tells:
/// - `.json`: the official format, {"num_captions_per_audio": N, "data": [{"id", "audio",
///   "duration", "caption"}]}, with `caption_1` ... `caption_N` for N > 1 (an item's own
///   `num_captions` counts first), or a bare array of such items;
/// - `.jsonl`, `.ndjson`: one such item a line;
/// - `.tar` (also `{000..999}.tar`): WebDataset shards, the audio with a `.json` (as above, without
///   `audio`) or a `.txt` (a caption a line) beside it;
/// - else a table, tab or comma separated, with a header: `audio` (or `file`, `path`, `file_name`),
///   `caption` (or `text`) and `caption_N`, `id` (or `youtube_id`), `duration`, `label`. AudioCaps'
///   and Clotho's tables are such.
/// In JSON `audio` may be called `file`, `path` or `file_name` too; `caption`, `captions` and
/// `text` may be a string or an array. Blank captions are left out.
/// @throws Error{no_input} if a file is missing; {data} naming file, line or item, and reason, for
/// what is damaged, an item without audio or captions, or a manifest without items.
std::vector<ManifestItem> read_manifest(const std::string& path, const ManifestOptions& options,
                                        const Log& log = {});

}  // namespace mgaclap
