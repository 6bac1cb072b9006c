#include "claptools/manifests/shard.hpp"

#include <gmock/gmock.h>

#include "archive/tar_files.hpp"
#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using testing::tar_member;

TEST(Shard, GivesTextsAndThePlacesOfAudio) {
  const testing::TempDir folder;
  testing::write_bytes(folder / "s.tar", tar_member("k.wav", "sound") + tar_member("k.txt", "dog") +
                                             tar_member("k.flac", "sound") +
                                             tar_member("l.json", "{}") + testing::tar_end());
  std::vector<std::string> found;
  visit_shard(folder / "s.tar", {}, [&](const TarSample& sample) {
    found.push_back(sample.key);
    for (const TarMember* member : audio_members(sample)) {
      EXPECT_TRUE(member->bytes.empty());
      found.push_back(member->name + " at " + std::to_string(member->offset));
    }
    for (const char* extension : {"txt", "json"})
      if (sample.members.contains(extension))
        found.emplace_back(text_of(sample.members.at(extension)));
  });
  EXPECT_THAT(found, ElementsAre("k", "k.flac at 2048", "k.wav at 0", "dog", "l", "{}"));
}

TEST(Shard, RefusesWhatIsCompressed) {
  const std::string packed = CLAPTOOLS_TEST_DATA "/../fuzz/corpus/tar/packed.tar.gz";
  try {
    visit_shard(packed, {}, [](const TarSample&) {});
    ADD_FAILURE() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::data);
    EXPECT_EQ(error.reason(), "a compressed shard cannot be read in random order; unpack it");
  }
}

}  // namespace
}  // namespace claptools
