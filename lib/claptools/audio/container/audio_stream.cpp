#include "claptools/audio/container/audio_stream.hpp"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
}

#include <string_view>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

bool is_audio(const AVStream& stream) { return stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO; }

/// Of a stream's tag, or "".
const char* language_of(const AVStream& stream) {
  const AVDictionaryEntry* entry = av_dict_get(stream.metadata, "language", nullptr, 0);
  return entry == nullptr ? "" : entry->value;
}

/// Of the audio streams, for a message.
std::string languages(const AVFormatContext& format) {
  constexpr std::size_t kMax = 100;
  std::string all;
  for (unsigned i = 0; i < format.nb_streams && all.size() < kMax; ++i) {
    const AVStream& stream = *format.streams[i];
    if (!is_audio(stream)) continue;
    const std::string_view language = language_of(stream);
    all += all.empty() ? "there is " : ", ";
    all += language.empty() ? "one without a language" : std::string(language.substr(0, 20));
  }
  return all;
}

}  // namespace

int choose_audio_stream(AVFormatContext& format, const StreamChoice& choice,
                        const std::string& file) {
  const int best = av_find_best_stream(&format, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
  if (best < 0) throw Error(Fault::data, file, "no audio stream");
  if (choice.is_best()) return best;
  const bool by_language = choice.number < 0;
  int number = 0;
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    const AVStream& stream = *format.streams[i];
    if (!is_audio(stream)) continue;
    const bool speaks = av_strcasecmp(language_of(stream), choice.language.c_str()) == 0;
    if (by_language ? speaks : number == choice.number) return static_cast<int>(i);
    ++number;
  }
  if (by_language)
    throw Error(Fault::data, file,
                "has no audio stream in '" + choice.language + "': " + languages(format));
  throw Error(Fault::data, file,
              "has no audio stream " + std::to_string(choice.number) +
                  ": they are counted from 0, and the file has " + std::to_string(number));
}

}  // namespace claptools
