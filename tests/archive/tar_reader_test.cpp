#include "claptools/archive/tar_reader.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>

#include "archive/tar_files.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/random.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::pax_member;
using ::testing::SizeIs;
using testing::tar_end;
using testing::tar_header;
using testing::tar_member;
using testing::write_bytes;

std::string text_of(const TarMember& member) { return {member.bytes.begin(), member.bytes.end()}; }

class Tar : public ::testing::Test {
 protected:
  std::string write(const std::string& bytes) {
    const auto path = folder_ / "shard.tar";
    write_bytes(path, bytes);
    return path.native();
  }

  std::vector<TarSample> read(const std::string& bytes, const TarLimits& limits = {}) {
    TarReader reader(
        write(bytes), {}, limits,
        [this](LogLevel, std::string_view message) { warnings_ += std::string(message) + "\n"; },
        is_audio_);
    std::vector<TarSample> samples;
    while (auto sample = reader.next()) samples.push_back(std::move(*sample));
    return samples;
  }

  void expect_refused(const std::string& bytes, const std::string& reason,
                      const TarLimits& limits = {}) {
    try {
      const auto samples = read(bytes, limits);
      ADD_FAILURE() << "read " << samples.size() << " samples, not: " << reason;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::data);
      EXPECT_EQ(e.subject(), (folder_ / "shard.tar").native());
      EXPECT_THAT(e.reason(), HasSubstr(reason));
    }
  }

  testing::TempDir folder_;
  std::string warnings_;
  TarReader::ByExtension is_audio_;
};

/// "key: extension extension; key: ..."
std::string describe(const std::vector<TarSample>& samples) {
  std::string text;
  for (const TarSample& sample : samples) {
    text += (text.empty() ? "" : "; ") + sample.key + ":";
    for (const auto& member : sample.members) text += " " + member.first;
  }
  return text;
}

TEST_F(Tar, MembersAreGroupedByKey) {
  const auto samples =
      read(tar_member("a/x.y/001.flac", "sound") + tar_member("a/x.y/001.txt", "") +
           tar_member("a/x.y/002.mono.wav", std::string(1000, 'w')) + tar_end());
  ASSERT_THAT(samples, SizeIs(2));
  EXPECT_EQ(samples[0].key, "a/x.y/001");
  EXPECT_EQ(text_of(samples[0].members.at("flac")), "sound");
  EXPECT_EQ(text_of(samples[0].members.at("txt")), "");
  EXPECT_EQ(samples[1].key, "a/x.y/002.mono");
  EXPECT_EQ(text_of(samples[1].members.at("wav")), std::string(1000, 'w'));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(Tar, KeysEndAtTheLastDot) {
  is_audio_ = [](std::string_view extension) { return extension == "wav"; };
  const auto keys = [&](const std::vector<std::string>& names) {
    std::string bytes;
    for (const std::string& name : names) bytes += tar_member(name, "x");
    return describe(read(bytes + tar_end()));
  };
  EXPECT_EQ(keys({"Y_30.000_40.000.json", "Y_30.000_40.000.wav", "Y_30.500_40.500.json",
                  "Y_30.500_40.500.wav"}),
            "Y_30.000_40.000: json wav; Y_30.500_40.500: json wav");
  EXPECT_EQ(keys({"v.1.wav", "v.2.wav", "v.1.txt", "v.2.txt"}), "v.1: txt wav; v.2: txt wav");
  EXPECT_EQ(keys({"a.1.wav", "a.1.json", "a.wav", "a.json"}), "a.1: json wav; a: json wav");
  // As WebDataset has it: the first dot.
  EXPECT_EQ(keys({"1.left.wav", "1.right.wav", "1.json"}), "1: json left.wav right.wav");
  EXPECT_EQ(keys({"1.json", "1.wav", "1.meta.json", "1.x.y.txt"}), "1: json meta.json wav x.y.txt");
  EXPECT_EQ(keys({"d.e/1.json", "d.e/1.mono.wav"}), "d.e/1: json mono.wav");
  // What has members of its own shares none.
  EXPECT_EQ(keys({"1.json", "1.a.wav", "1.a.json", "1.b.wav"}), "1: json; 1.a: json wav; 1.b: wav");
  expect_refused(
      tar_member("a.1.wav", "") + tar_member("b.wav", "") + tar_member("a.1.txt", "") + tar_end(),
      "key 'a.1' do not stand together");
}

TEST_F(Tar, FurtherArchivesAreRead) {
  const std::string a = tar_member("a.wav", "1") + tar_end(), b = tar_member("b.wav", "2");
  const std::string path = write(a + b + tar_end());
  TarReader reader(path);
  EXPECT_EQ(reader.next()->key, "a");
  const auto sample = reader.next();
  ASSERT_TRUE(sample);
  const TarMember& member = sample->members.at("wav");
  const auto bytes = read_tar_member(path, member.offset, "b.wav");
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), "2");
  EXPECT_FALSE(reader.next());
  expect_refused(a + b.substr(0, 700), "");
  expect_refused(a + a, "member 'a.wav' occurs twice");
  expect_refused(a + std::string(512, 'x'), "not a whole tar file");
}

TEST_F(Tar, HolesAreZeros) {
  const std::string sparse = (folder_ / "sparse").native();
  const std::string content = std::string(9000, 'x') + std::string(200000, '\0') + "end";
  write_bytes(sparse + ".wav", content);
  for (const std::string format : {"gnu", "posix", "oldgnu"}) {
    const std::string tar = sparse + ".tar";
    const std::string command =
        "cd " + folder_.path().native() +
        " && fallocate --dig-holes sparse.wav && tar -S --format=" + format +
        " -cf sparse.tar sparse.wav sparse.wav --hard-dereference";
    if (std::system((command + " 2>/dev/null").c_str()) != 0) GTEST_SKIP() << "no sparse files";
    TarFile file(tar);
    ASSERT_TRUE(file.next());
    const auto bytes = file.read(1 << 20);
    EXPECT_EQ(std::string(bytes.begin(), bytes.end()), content) << format;
    const auto second = file.next();
    ASSERT_TRUE(second) << format;
    const auto again = read_tar_member(tar, second->offset, "sparse.wav");
    EXPECT_EQ(std::string(again.begin(), again.end()), content) << format;
    EXPECT_THROW(read_tar_member(tar, second->offset, "sparse.wav", {100000}), Error);
  }
}

TEST_F(Tar, NamesAreBytes) {
  const std::string longer = std::string(150, 'd') + "/caf\xC3\xA9.wav";
  const auto samples =
      read(tar_member("\xFF\xFE\x1B.wav", "1") + pax_member(longer, "2") +
           tar_member("../../etc/p.wav", "3") + tar_member("/abs.wav", "4") + tar_end());
  ASSERT_THAT(samples, SizeIs(4));
  EXPECT_EQ(samples[0].key, "\xFF\xFE\x1B");
  EXPECT_EQ(samples[1].members.at("wav").name, longer);
  EXPECT_EQ(samples[2].key, "../../etc/p");
  EXPECT_EQ(samples[3].key, "/abs");
}

TEST_F(Tar, AMemberIsFoundAgainByItsPlace) {
  const std::string path = write(tar_member("a.wav", "first") + tar_member("a.txt", "x") +
                                 pax_member("b\xC3\xA9.wav", "second") + tar_end());
  TarReader reader(path, [](std::string_view extension) { return extension == "txt"; });
  for (const char* content : {"first", "second"}) {
    const auto sample = reader.next();
    ASSERT_TRUE(sample);
    const TarMember& member = sample->members.at("wav");
    EXPECT_THAT(member.bytes, IsEmpty());
    const auto bytes = read_tar_member(path, member.offset, member.name);
    EXPECT_EQ(std::string(bytes.begin(), bytes.end()), content);
    EXPECT_THROW(read_tar_member(path, member.offset, "other.wav"), Error);
  }
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.compressed());
}

TEST_F(Tar, CompressedShardsAreRead) {
  const std::string plain = (folder_ / "plain.tar").native();
  write_bytes(plain, tar_member("a.txt", "content") + tar_end());
  for (const std::string program : {"gzip", "bzip2", "xz", "zstd"}) {
    const std::string packed = plain + "." + program;
    if (std::system((program + " -c <" + plain + " >" + packed + " 2>/dev/null").c_str()) != 0)
      continue;  // that program is not installed
    TarReader reader(packed);
    EXPECT_TRUE(reader.compressed());
    EXPECT_EQ(text_of(reader.next()->members.at("txt")), "content") << program;
    EXPECT_FALSE(reader.next());
    const std::string bytes = testing::read_bytes(packed);
    expect_refused(bytes.substr(0, bytes.size() / 2), "not a whole tar file");
  }
}

TEST_F(Tar, WhatIsNoFileIsBrokenAndWhatHasNoKeySkipped) {
  const auto samples = read(
      tar_header("folder.d/", 0, '5') + tar_header("link.wav", 0, '2', "/etc/passwd") +
      tar_header("hard.wav", 0, '1', "a.wav") + tar_header("fifo.wav", 0, '6') +
      tar_header("device.wav", 0, '3') + tar_member("folder.d/README", "r") +
      tar_member("._a.wav", "r") + tar_member("a.", "r") + tar_member("a.wav", "w") + tar_end());
  EXPECT_EQ(describe(samples), "link: wav; hard: wav; fifo: wav; device: wav; a: wav");
  const auto fault = [&](std::size_t i) { return samples[i].members.at("wav").broken; };
  EXPECT_THAT(fault(0), HasSubstr("is a symbolic link to '/etc/passwd'"));
  EXPECT_THAT(fault(1), HasSubstr("is a hard link to 'a.wav'"));
  EXPECT_EQ(fault(2), "is not a regular file");
  EXPECT_EQ(fault(3), "is not a regular file");
  EXPECT_EQ(fault(4), "");
  for (const char* name : {"README", "._a.wav", "'a.'"}) EXPECT_THAT(warnings_, HasSubstr(name));
  EXPECT_THAT(warnings_, ::testing::Not(HasSubstr("'folder.d/'")));
}

TEST_F(Tar, ACutAtAnyPlaceIsFound) {
  const std::string whole = tar_member("a.txt", std::string(700, 'a')) + pax_member("b.txt", "b") +
                            tar_member("c.txt", std::string(600, 'c'));
  EXPECT_THAT(read(whole + tar_end()), SizeIs(3));
  for (std::size_t size = 0; size < whole.size(); size += 64) {
    SCOPED_TRACE(size);
    expect_refused(whole.substr(0, size), "");
  }
  expect_refused(whole, "cut off");
}

/// Members that are passed over are not read, so their end is not seen.
TEST_F(Tar, ACutInAMemberNotWantedIsFound) {
  const std::string path = write(tar_member("a.wav", std::string(300000, 'a')).substr(0, 200000));
  TarReader reader(path, [](std::string_view) { return false; });
  EXPECT_THROW(reader.next(), Error);
}

TEST_F(Tar, KeysAndMembersOccurOnce) {
  const std::string a = tar_member("a.wav", "1"), b = tar_member("b.wav", "2");
  expect_refused(a + a + tar_end(), "'a.wav' occurs twice");
  expect_refused(a + b + tar_member("a.txt", "3") + tar_end(), "key 'a' do not stand together");
}

TEST_F(Tar, SizesAreCheckedBeforeMemoryIsAskedFor) {
  const TarLimits small{4096};
  EXPECT_THAT(read(tar_member("a.wav", std::string(3000, 'a')) + tar_end(), small), SizeIs(1));
  expect_refused(tar_member("a.wav", std::string(5000, 'a')) + tar_end(), "'a.wav' has 5000 bytes",
                 small);
  expect_refused(tar_member("a.1", std::string(2000, 'a')) +
                     tar_member("a.2", std::string(2000, 'a')) + tar_end(),
                 "'a.2' has 2000 bytes", small);
  std::string many;
  for (int i = 0; i < 20; ++i) many += tar_member("a." + std::to_string(i), "");
  expect_refused(many + tar_end(), "too many members", small);
  expect_refused(tar_header("a.wav", 077777777777), "bytes, more than");
  expect_refused(tar_header("a.wav", 200 << 20) + "short", "");
}

TEST_F(Tar, FilesThatAreNone) {
  expect_refused("", "");
  expect_refused("plain text, not an archive", "not a whole tar file");
  expect_refused(std::string(4096, 'x'), "not a whole tar file");
  EXPECT_THROW(TarReader("/nonexistent/x.tar"), Error);
  try {
    TarReader reader(folder_.path().native());
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("is a directory"));
  }
  const std::string pipe = (folder_ / "pipe.tar").native();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THROW(TarReader{pipe}, Error);  // at once
}

/// Whatever one changes in a shard, it is read or refused.
TEST_F(Tar, RandomDamageDoesNoHarm) {
  const std::string whole = tar_member("a.txt", std::string(700, 'a')) + pax_member("b.txt", "b") +
                            tar_member("c.txt", "c") + tar_end();
  Random random(1);
  for (int round = 0; round < 500; ++round) {
    std::string damaged = whole;
    for (int i = 0; i < 3; ++i)
      damaged[random.below(damaged.size())] = static_cast<char>(random.next());
    try {
      EXPECT_LE(read(damaged).size(), 4U);
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::data) << e.what();
    }
  }
}

}  // namespace
}  // namespace claptools
