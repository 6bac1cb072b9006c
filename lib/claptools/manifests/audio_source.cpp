#include "claptools/manifests/audio_source.hpp"

#include "claptools/archive/tar_reader.hpp"

namespace claptools {

std::string AudioSource::name() const {
  if (member.empty()) return path;
  return path.empty() ? member : path + "/" + member;
}

FileStamp stamp_of(const AudioSource& source) {
  return source.streamed ? source.streamed->stamp : stamp_of(source.path);
}

Sound::Sound(const AudioSource& source) : source_(source) {
  if (source.streamed) {
    bytes_ = source.streamed->bytes;
  } else if (!source.member.empty()) {
    member_ = read_tar_member(source.path, source.offset, source.member);
    bytes_ = member_;
  }
}

AudioReader Sound::open(int sample_rate, const StreamChoice& stream) const {
  return source_.member.empty() ? AudioReader(source_.path, sample_rate, stream)
                                : AudioReader(bytes_, source_.name(), sample_rate, stream);
}

}  // namespace claptools
