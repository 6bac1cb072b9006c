#pragma once

#include <optional>
#include <string>

#include "claptools/audio/file_view.hpp"
#include "claptools/audio/input_file.hpp"

namespace claptools {

/// The length that a file's container declares, compared with the bytes of the file. libav silently
/// reads a file that is cut off up to its end, and up to a size in a header that is too small.
struct Container {
  FileView view;             ///< what libav is to read; of an Ogg chain the first link
  std::string cut = {};      ///< why the file ends before its container says, or ""
  std::string warning = {};  ///< what of the file is not read, or ""
  /// Its header has no usable length: a placeholder written to a pipe, or a size that overflowed.
  /// The audio extends to the end of the view.
  bool is_open = false;
};

/// Supports WAV, RF64, Wave64, AIFF, AU, CAF, AVI, MP4, Matroska and WebM, ASF, Ogg and MPEG-TS;
/// for other files the result is empty. Reads only headers of chunks, and those of pages and blocks
/// where nothing else shows the end.
/// @throws Error{io}
Container inspect_container(const InputFile& file);

/// The link of an Ogg chain after `link`, or nothing: streams that follow one another in a file are
/// decoded one by one, each with its own codec, sample rate and channels.
/// @throws Error{io}, Error{data} if the link ends before it says.
std::optional<FileView> next_link(const InputFile& file, const FileView& link);

}  // namespace claptools
