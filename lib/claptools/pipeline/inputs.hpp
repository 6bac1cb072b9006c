#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/manifests/record.hpp"
#include "claptools/pipeline/column_names.hpp"
#include "claptools/pipeline/inputs/packed_inputs.hpp"

namespace claptools {

/// Limits of JSON whose members become columns.
inline constexpr JsonLimits kCarriedJson{.keys = 1000};

/// Where the fields of an input come from: what messages about their columns name.
struct FieldsOrigin {
  std::string subject = {};
  Log log = {};
};

/// Recordings in order, and the names of the columns that the `meta` of each has.
class InputList {
 public:
  /// Columns appear when they are first named, as ColumnNames stores them; an input has empty
  /// values in all others.
  void add(AudioInput input, const std::vector<Field>& fields = {},
           const FieldsOrigin& origin = {});

  const PackedInputs& inputs() const { return inputs_; }
  const std::vector<std::string>& columns() const { return columns_; }

  /// All of them, once.
  PackedInputs take();

 private:
  PackedInputs inputs_;
  std::vector<std::string> columns_;
  std::unordered_map<std::string, std::size_t> places_;  ///< in columns_
  ColumnNames names_;
};

struct InputOptions {
  bool nul_separated = false;   ///< names on standard input end with NUL, not a line break
  std::string audio_root = {};  ///< folder of recordings that a manifest names by a relative path
  bool hidden = false;          ///< take what folders hide from `ls`, too
  bool allow_pipe = false;      ///< run commands: inputs "pipe:COMMAND"
  Log log = {};
};

/// Arguments of a command line as recordings: a file stands for itself, a folder for every audio
/// file in it (recursive, in byte order of the paths; symbolic links to folders are not followed;
/// names that begin with a dot are left out unless `hidden`, those of AppleDouble files always),
/// "-" for names on standard input (add_names); a manifest (add_manifest) and tar shards
/// (add_shards), recognised by their extensions, for their contents; "pipe:COMMAND", which may have
/// ranges (expand_braces), for the shard that a command writes. A missing file or a folder without
/// audio is not an error here: it fails later as any other bad input does.
/// @throws Error{no_input} when there is no input at all, or nothing but folders without audio;
/// {data}, {no_input} as add_manifest.
InputList list_inputs(const std::vector<std::string>& arguments, const InputOptions& options);

/// Names in a file, "-" for standard input, one per line (or ended by NUL), any bytes else; empty
/// ones are left out, and carriage returns at line ends. "pipe:COMMAND" is a shard (add_stream).
/// @throws Error{no_input} if it cannot be opened, {io} if reading fails, {data} if it is binary;
/// as add_stream.
void add_names(const std::string& file, const InputOptions& options, InputList& list);

/// Recordings of a table with a header line (tab or comma separated) or of one JSON object per
/// line. One of kAudioColumns names the recording, all others are carried as text; JSON that is
/// neither text nor null is carried as JSON.
/// @throws Error{no_input} if it is missing; {data} naming file, line and reason.
void add_manifest(const std::string& path, const InputOptions& options, InputList& list);

/// What the ids of a command's recordings begin with: its last word that names a tar file, so that
/// "pipe:cat s.tar" gives the rows of s.tar; the whole command if it has none.
std::string shard_of(const std::string& command);

/// The recordings of a shard that is read once, when their turn comes.
/// @param path "-", a pipe, or "pipe:COMMAND" for what a command writes (PipedCommand).
/// @param id   as of StreamedShard.
/// @throws Error{usage} naming a command unless `allow_pipe`.
void add_stream(const std::string& path, const std::string& id, const InputOptions& options,
                InputList& list);

/// Recordings of WebDataset shards; `pattern` may have ranges (expand_braces). Their ids are
/// "SHARD/MEMBER". The members of a `.json` beside a recording are carried, and the text of a
/// `.txt` as `caption`. A shard that is missing, cut off, compressed, or has a key twice or apart
/// gives one input that fails, with the shard's name; so does a key without audio, and audio that
/// is a link. Members without a key are logged.
/// @throws Error{usage} as expand_braces.
void add_shards(const std::string& pattern, const InputOptions& options, InputList& list);

}  // namespace claptools
