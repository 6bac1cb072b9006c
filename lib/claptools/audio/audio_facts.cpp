#include "claptools/audio/audio_facts.hpp"

#include "claptools/audio/container/container.hpp"
#include "claptools/audio/decoder.hpp"
#include "claptools/audio/input_file.hpp"

namespace claptools {

AudioFacts read_audio_facts(const std::filesystem::path& path) {
  const InputFile file(path);
  const Container container = inspect_container(file);
  return Decoder(file, container.view, container.is_open, {}, {}).facts();
}

}  // namespace claptools
