#include "claptools/manifests/audio_source.hpp"

#include "claptools/archive/tar_reader.hpp"

namespace claptools {

Sound::Sound(const AudioSource& source) : source_(source) {
  if (!source.member.empty()) bytes_ = read_tar_member(source.path, source.offset, source.member);
}

AudioReader Sound::open(int sample_rate, const StreamChoice& stream) const {
  return source_.member.empty() ? AudioReader(source_.path, sample_rate, stream)
                                : AudioReader(bytes_, source_.name(), sample_rate, stream);
}

}  // namespace claptools
