#include "claptools/manifests/audio_names.hpp"

#include <gtest/gtest.h>

namespace claptools {
namespace {

TEST(AudioNames, KnowAudioByItsName) {
  EXPECT_TRUE(has_audio_extension("a.b/c.Flac"));
  EXPECT_FALSE(has_audio_extension("a.wav/c"));
  EXPECT_FALSE(has_audio_extension("wav"));
  EXPECT_TRUE(is_manifest_name("a/b.jsonl"));
  EXPECT_FALSE(is_manifest_name("a.tsv/b"));
}

}  // namespace
}  // namespace claptools
