#pragma once

#include <string>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/dataset/blacklist_count.hpp"
#include "claptools/manifests/audio_source.hpp"

namespace claptools {

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
  /// Audio of an item without `audio`; {NAME} stands for the value of a column or key. The default,
  /// which gives way to all columns that name files, is how the official code names the clips of
  /// AudioCaps.
  std::string audio_name = "Y{youtube_id}.wav";
  std::string blacklist = {};             ///< file of clips to leave out (Blacklist); empty: none
  BlacklistCount* blacklisted = nullptr;  ///< counts them; may be null
};

/// Reads the captioned clips of a manifest. The format is recognised by the extension:
/// - `.json`: the official format, {"num_captions_per_audio": N, "data": [{"id", "audio",
///   "duration", "caption"}]}, with `caption_1` ... `caption_N` for N > 1 (an item's own
///   `num_captions` counts first), or a bare array of such items;
/// - `.jsonl`, `.ndjson`: one such item per line;
/// - `.tar` (also `{000..999}.tar`): WebDataset shards, the audio with a `.json` (as above, without
///   `audio`) or a `.txt` (one caption per line) beside it;
/// - else a table, tab or comma separated, with a header: `audio` (or another of kAudioColumns),
///   `caption` (or `text`) and `caption_N`, `id` (or `youtube_id`), `duration`, `label`. AudioCaps'
///   and Clotho's tables are such.
/// In JSON `audio` may be called as in tables too; "wav_path" stands for none, as in WavCaps'
/// published files; `caption`, `captions` and `text` may be a string or an array. Blank captions
/// are left out.
/// @throws Error{no_input} if a file is missing; {data} naming file, line or item, and reason, for
/// what is damaged, an item without audio or captions, or a manifest without items.
std::vector<ManifestItem> read_manifest(const std::string& path, const ManifestOptions& options,
                                        const Log& log = {});

}  // namespace claptools
