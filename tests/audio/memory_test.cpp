#include <gmock/gmock.h>

#include "audio/audio_files.hpp"
#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::kAudioData;

/// The samples, or the reason why there are none.
std::pair<std::vector<float>, std::string> outcome(AudioReader&& reader) {
  std::vector<float> all(1 << 22);
  all.resize(reader.read(all));
  return {all, ""};
}

template <class... Source>
std::pair<std::vector<float>, std::string> read_source(const Source&... source) {
  try {
    return outcome(AudioReader(source..., 32000));
  } catch (const Error& e) {
    return {{}, e.what()};
  }
}

std::pair<std::vector<float>, std::string> read_memory(const std::string& bytes,
                                                       const std::string& name) {
  return read_source(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()),
                     name);
}

TEST(AudioInMemory, IsReadAsTheFileIs) {
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(kAudioData)) {
    const std::string bytes = testing::read_bytes(file.path());
    EXPECT_EQ(read_memory(bytes, file.path().native()), read_source(file.path())) << file.path();
    ++files;
  }
  EXPECT_GT(files, 5);
}

TEST(AudioInMemory, IsRefusedAsTheFileIs) {
  const std::string whole = testing::wav({}, std::string(2000, 'x'));
  EXPECT_EQ(read_memory(whole, "a.wav").first.size(), 1000U);
  const auto reason = [](const std::string& bytes) { return read_memory(bytes, "a.wav").second; };
  EXPECT_EQ(reason(""), "a.wav: empty file");
  EXPECT_EQ(reason(whole.substr(0, 1500)),
            "a.wav: cut off: 0.022750 s of the 0.031250 s that its header declares");
  EXPECT_THAT(reason("no audio at all"), ::testing::HasSubstr("not audio"));
  EXPECT_THAT(reason(testing::wav({1, 65}, std::string(1300, 'x'))),
              ::testing::HasSubstr("65 channels"));
}

}  // namespace
}  // namespace claptools
