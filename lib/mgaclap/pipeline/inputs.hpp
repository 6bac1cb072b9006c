#pragma once

#include <string>
#include <vector>

#include "mgaclap/pipeline/embed_audio.hpp"

namespace mgaclap {

/// Arguments of a command line as recordings: a file stands for itself, a folder for every audio
/// file in it (recursive, in byte order of the paths; symbolic links to folders are not followed),
/// "-" for names on standard input, one a line (or ended by NUL). A missing file or a folder
/// without audio is no error here: it fails later as any other bad input does.
/// @throws Error{no_input} when there is no input at all, or nothing but folders without audio.
std::vector<AudioInput> list_inputs(const std::vector<std::string>& arguments, bool nul_separated);

/// Names in a file, "-" for standard input, one a line (or ended by NUL), any bytes else; empty
/// ones are left out.
/// @throws Error{no_input} if it cannot be read, {io} if it cannot be read to its end.
std::vector<AudioInput> read_names(const std::string& file, bool nul_separated);

/// Whether a file name ends like one of the formats that a folder is searched for (.wav, .flac,
/// .ogg, .opus, .mp3, .m4a, ...).
bool has_audio_extension(const std::string& path);

}  // namespace mgaclap
