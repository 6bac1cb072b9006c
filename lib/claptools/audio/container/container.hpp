#pragma once

#include <optional>
#include <string>

#include "claptools/audio/file_view.hpp"
#include "claptools/audio/input_file.hpp"

namespace claptools {

/// What a file's container says of its length, compared with the bytes that are there. libav reads
/// files up to a cut, and to a size in a header that is too small, without a word.
struct Container {
  FileView view;             ///< what libav is to read; of an Ogg chain the first link
  std::string cut = {};      ///< why the file ends before its container says, or ""
  std::string warning = {};  ///< what of the file is not read, or ""
  /// Its header tells no length that holds: a placeholder of what was written to a pipe, or a size
  /// that wrapped. The audio goes to the end of the view.
  bool is_open = false;
};

/// Knows WAV, RF64, Wave64, AIFF, AU, CAF, AVI, MP4, Matroska and WebM, ASF, Ogg, MPEG-TS; nothing
/// is said of other files. Reads heads of chunks only, and those of pages and blocks where nothing
/// else tells the end.
/// @throws Error{io}
Container inspect_container(const InputFile& file);

/// The link of an Ogg chain after `link`, or nothing: streams that follow one another in a file are
/// decoded one by one, each with its own codec, sample rate and channels.
/// @throws Error{io}, Error{data} if the link ends before it says.
std::optional<FileView> next_link(const InputFile& file, const FileView& link);

}  // namespace claptools
