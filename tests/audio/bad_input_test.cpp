#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <limits>
#include <random>

#include "audio/audio_files.hpp"
#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;
using testing::kAudioData;
using testing::read_bytes;
using testing::wav;
using testing::write_bytes;

class BadInput : public ::testing::Test {
 protected:
  void expect_fault(const std::filesystem::path& path, Fault fault, const std::string& reason,
                    const std::string& or_reason = "none") {
    try {
      const auto samples = testing::read_all(path);
      ADD_FAILURE() << path << " was read: " << samples.size() << " samples";
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), fault) << e.what();
      EXPECT_EQ(e.subject(), path.native());
      EXPECT_THAT(e.reason(), AnyOf(HasSubstr(reason), Eq(or_reason))) << path;
    }
  }

  void expect_refused(const std::string& bytes, const std::string& reason) {
    write_bytes(folder_ / "x.wav", bytes);
    expect_fault(folder_ / "x.wav", Fault::data, reason);
  }

  testing::TempDir folder_;
};

TEST_F(BadInput, FilesThatAreNone) {
  expect_fault(folder_ / "missing.wav", Fault::no_input, "No such file");
  expect_fault("http://localhost/x.wav", Fault::no_input, "No such file");
  expect_fault(folder_.path(), Fault::data, "is a directory");
  const auto fifo = folder_ / "fifo.wav";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  expect_fault(fifo, Fault::data, "not a regular file");
  expect_fault("/dev/zero", Fault::data, "not a regular file");
  std::filesystem::create_symlink("loop.wav", folder_ / "loop.wav");
  expect_fault(folder_ / "loop.wav", Fault::no_input, "symbolic links");
}

constexpr uid_t kNobody = 65534;

TEST_F(BadInput, FilesWithoutPermission) {
  write_bytes(folder_ / "secret.wav", "x");
  std::filesystem::permissions(folder_ / "secret.wav", std::filesystem::perms::none);
  const uid_t user = ::geteuid();
  if (user == 0) {  // the super-user may read every file
    std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  expect_fault(folder_ / "secret.wav", Fault::no_input, "Permission denied");
  ASSERT_EQ(::seteuid(user), 0);
}

TEST_F(BadInput, FilesThatAreNotAudio) {
  expect_refused("", "empty file");
  expect_refused("Not a sound: text under a wrong name.\n", "not audio that libav can read");
  expect_refused(std::string(5000, '\0'), "not audio that libav can read");
  expect_fault(kAudioData / "picture.png", Fault::data, "no audio stream");
  expect_fault(kAudioData / "silent.mp4", Fault::data, "no audio stream");
}

TEST_F(BadInput, PlaylistsOpenNoOtherFile) {
  const std::string tone = (kAudioData / "tone.wav").native();
  const std::string hls =
      "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + tone + "\n#EXT-X-ENDLIST\n";
  const std::vector<std::string> lists{
      hls,
      "\xEF\xBB\xBF" + hls,
      "#EXTM3U\r\n#EXTINF:1,x\r\n" + tone + "\r\n",
      "ffconcat version 1.0\nfile '" + tone + "'\n",
      "[playlist]\nFile1=" + tone + "\n",
      "<?xml version=\"1.0\"?>\n<MPD type=\"static\"><BaseURL>" + tone + "</BaseURL></MPD>\n",
      "<?xml version=\"1.0\"?>\n<playlist version=\"1\"><location>" + tone +
          "</location></playlist>",
      "<asx version=\"3.0\"><ref href=\"" + tone + "\"/></asx>",
      "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nm=audio 5004 RTP/AVP 0\r\n",
      "FILE \"" + tone + "\" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n"};
  for (const std::string& list : lists) {
    expect_refused(list, "is a playlist, not a recording");
  }
}

TEST_F(BadInput, WavOutsideTheLimits) {
  const std::string samples(4000, '\1');
  expect_refused(wav({}, ""), "no audio samples");
  expect_refused(wav({.channels = 200}, samples), "200 channels, more than 64");
  write_bytes(folder_ / "x.wav", wav({.channels = 1024}, samples + samples));
  expect_fault(folder_ / "x.wav", Fault::data, "1024 channels, more than 64",
               "no audio stream");  // as libav says since FFmpeg 7
  expect_refused(wav({.sample_rate = 1}, samples), "sample rate 1 Hz, outside 1000 to 768000 Hz");
  expect_refused(wav({.sample_rate = 900000}, samples), "sample rate 900000 Hz");
}

TEST_F(BadInput, SamplesThatAreNoNumbers) {
  std::vector<float> samples = testing::noise(9000);
  samples[8000] = std::numeric_limits<float>::quiet_NaN();
  expect_refused(wav({.tag = 3, .bits = 32}, testing::float_bytes(samples)),
                 "NaN or infinite sample at 0.250000 s");
  samples[8000] = -std::numeric_limits<float>::infinity();
  expect_refused(wav({.tag = 3, .channels = 2, .bits = 32}, testing::float_bytes(samples)),
                 "NaN or infinite sample at 0.125000 s");
}

TEST_F(BadInput, WavThatIsCut) {
  const std::string whole = wav({}, std::string(64000, '\1'));
  expect_refused(whole.substr(0, 44 + 32000), "cut off");
  expect_refused(whole.substr(0, whole.size() - 2), "cut off");
  expect_refused(whole.substr(0, whole.size() - 1), "cut off");
}

/// Every file of the folder, cut wherever sound is lost, is refused; but for the last frame of an
/// MP3, whose header may count one frame less, nothing is let through.
TEST_F(BadInput, EncodedFilesThatAreCut) {
  for (const char* name : {"tone.aiff", "tone.flac", "tone.ogg", "tone.opus", "tone.webm",
                           "tone.m4a", "video.mp4", "tone.mp3", "tone.oga", "tone.spx", "short.caf",
                           "short.w64", "short.avi", "clock.mkv", "clock.mp4"}) {
    const std::string whole = read_bytes(kAudioData / name);
    const std::size_t last_frame = std::string(name) == "tone.mp3" ? 209 : 0;
    for (std::size_t size = 1; size < whole.size() - last_frame; size += whole.size() / 60) {
      SCOPED_TRACE(std::string(name) + " of " + std::to_string(size) + " bytes");
      expect_refused(whole.substr(0, size), "");
    }
    expect_refused(whole.substr(0, whole.size() - 1), "cut off");
  }
  const std::string aiff = read_bytes(kAudioData / "tone.aiff");
  expect_refused(aiff.substr(0, aiff.size() - 13230), "cut off: 0.150000 s of the 0.300000 s");
}

TEST_F(BadInput, Mp3WithoutLengthThatIsCutWithinAFrame) {
  const std::string whole = read_bytes(kAudioData / "bare.mp3");
  expect_refused(whole.substr(0, 2600), "cut off: ends in a damaged packet");
  write_bytes(folder_ / "frames.mp3", whole.substr(0, whole.size() - 209));
  EXPECT_EQ(testing::read_all(folder_ / "frames.mp3").size(), (12 * 1152 * 320 + 440) / 441U);
}

TEST_F(BadInput, Mp2ThatIsCutWithinAFrame) {
  const std::string whole = read_bytes(kAudioData / "tone.mp2");
  for (const std::size_t missing : {1, 100, 2000}) {
    expect_refused(whole.substr(0, whole.size() - missing), "cut off: ends in a damaged packet");
  }
}

/// Clusters of unknown size, blocks of known ones: a cut shows unless it lies between two blocks.
TEST_F(BadInput, LiveMatroskaThatIsCut) {
  for (const char* name : {"live.webm", "live.mka"}) {
    const std::string whole = read_bytes(kAudioData / name);
    std::size_t passed = 0;
    for (std::size_t size = whole.size() / 3; size < whole.size(); ++size) {
      write_bytes(folder_ / "x", whole.substr(0, size));
      try {
        testing::read_all(folder_ / "x");
        ++passed;
      } catch (const Error& e) {
        EXPECT_THAT(e.reason(), HasSubstr("cut off")) << size;
      }
    }
    EXPECT_LT(passed, 12U) << name;  // blocks that begin in that part of the file
  }
}

/// A link in the middle that does not end its stream, and a last one that is cut.
TEST_F(BadInput, OggChainsThatAreCut) {
  for (const char* name : {"tone.ogg", "tone.oga", "tone.spx", "tone.opus"}) {
    const std::string whole = read_bytes(kAudioData / name);
    const std::string without_end = whole.substr(0, whole.rfind("OggS"));
    expect_refused(without_end + whole, "cut off");
    expect_refused(whole + without_end, "cut off");
    expect_refused(whole + whole.substr(0, whole.size() - 1), "cut off");
  }
}

TEST_F(BadInput, DamageInTheMiddle) {
  std::string flac = read_bytes(kAudioData / "tone.flac");
  flac[10500] = static_cast<char>(flac[10500] ^ 0x10);
  expect_refused(flac, "damaged");
}

/// Whatever the bytes, a file is read or refused by Error.
TEST_F(BadInput, ChangedBytesNeverCrash) {
  for (const auto& entry : std::filesystem::directory_iterator(kAudioData)) {
    std::mt19937 random(1);
    const std::string whole = read_bytes(entry.path());
    for (int round = 0; round < 20; ++round) {
      std::string bytes = whole;
      for (int i = 0; i < 4; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
      write_bytes(folder_ / "x", bytes);
      try {
        testing::read_all(folder_ / "x");
      } catch (const Error&) {
      }
    }
  }
}

}  // namespace
}  // namespace claptools
