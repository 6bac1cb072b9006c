#include "claptools/manifests/audio_source.hpp"

#include <gmock/gmock.h>

#include "archive/tar_files.hpp"
#include "audio/audio_files.hpp"
#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::tar_end;
using testing::tar_member;

class AudioSources : public ::testing::Test {
 protected:
  AudioSources() {
    testing::write_bytes(file_.path, wav_);
    testing::write_bytes(member_.path,
                         tar_member("k.txt", "a dog") + tar_member("k.wav", wav_) + tar_end());
  }

  static std::vector<float> samples_of(AudioReader reader) {
    std::vector<float> samples(100);
    samples.resize(reader.read(samples));
    return samples;
  }

  const std::vector<float> given_{0, 0.5, -0.25};
  const std::string wav_ = testing::wav({3, 1, 1000, 32}, testing::float_bytes(given_));
  const testing::TempDir folder_;
  const AudioSource file_{folder_ / "k.wav"}, member_{folder_ / "s.tar", "k.wav", 1024};
};

TEST_F(AudioSources, FilesAndMembersAreOpenedAgainAndAgain) {
  for (const AudioSource& source : {file_, member_}) {
    const Sound sound(source);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(samples_of(sound.open(1000)), given_) << source.name();
  }
}

TEST_F(AudioSources, AreNamedInMessages) {
  EXPECT_EQ(file_.name(), file_.path);
  EXPECT_EQ(member_.name(), member_.path + "/k.wav");
  const AudioSource text{member_.path, "k.txt", 0};
  const Sound sound(text);
  try {
    sound.open(1000);
    ADD_FAILURE() << "a text was decoded";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::data);
    EXPECT_EQ(error.subject(), text.name());
  }
}

TEST_F(AudioSources, AMemberThatIsNoLongerThereIsRefused) {
  EXPECT_THROW(Sound({member_.path, "other.wav", 1024}), Error);
  EXPECT_THROW(Sound({folder_ / "none.tar", "k.wav", 1024}), Error);
}

}  // namespace
}  // namespace claptools
