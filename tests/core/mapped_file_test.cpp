#include "claptools/core/files/mapped_file.hpp"

#include <gmock/gmock.h>

#include <utility>
#include <vector>

#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::write_bytes;

class MappedFileTest : public ::testing::Test {
 protected:
  testing::TempDir dir_;
};

TEST_F(MappedFileTest, IsNamedByItsAddresses) {
  write_bytes(dir_ / "a", std::string(10000, 'a'));
  write_bytes(dir_ / "b", "b");
  const MappedFile b(dir_ / "b");
  const std::byte* first = nullptr;
  {
    MappedFile a(dir_ / "a");
    first = a.bytes().data();
    const MappedFile moved(std::move(a));
    EXPECT_THAT(mapped_file_name(first), HasSubstr("/a"));
    EXPECT_THAT(mapped_file_name(first + 9999), HasSubstr("/a"));
    EXPECT_THAT(mapped_file_name(b.bytes().data()), HasSubstr("/b"));
    EXPECT_EQ(mapped_file_name(&b), nullptr);
  }
  EXPECT_EQ(mapped_file_name(first), nullptr);
}

TEST_F(MappedFileTest, IsNamedFitForPrinting) {
  write_bytes(dir_ / "a\nb\x1b", "text");
  const MappedFile file(dir_ / "a\nb\x1b");
  EXPECT_THAT(mapped_file_name(file.bytes().data()), Not(HasSubstr("\n")));
  std::string deep = std::string(250, 'n');
  write_bytes(dir_ / deep, "text");
  const MappedFile longest(dir_ / deep);
  EXPECT_LT(std::string(mapped_file_name(longest.bytes().data())).size(), 210U);
}

TEST_F(MappedFileTest, IsToldFromAFileThatTookItsName) {
  write_bytes(dir_ / "a", "old");
  const MappedFile file(dir_ / "a");
  EXPECT_TRUE(is_mapped_at(dir_ / "a", file.bytes().data()));
  write_bytes(dir_ / "b", "new");
  std::filesystem::rename(dir_ / "b", dir_ / "a");
  EXPECT_FALSE(is_mapped_at(dir_ / "a", file.bytes().data()));
  EXPECT_FALSE(is_mapped_at(dir_ / "none", file.bytes().data()));
}

TEST_F(MappedFileTest, ThereMayBeMoreThanAreNamed) {
  write_bytes(dir_ / "a", "a");
  std::vector<MappedFile> files;
  for (int i = 0; i < 300; ++i) files.emplace_back(dir_ / "a");
  EXPECT_EQ(files.back().bytes().size(), 1U);
}

}  // namespace
}  // namespace claptools
