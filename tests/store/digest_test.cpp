#include "claptools/store/digest.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

#include "claptools/core/error.hpp"
#include "claptools/store/timestamp.hpp"

namespace claptools {
namespace {

void add(Sha256& digest, std::string_view text) { digest.update(std::as_bytes(std::span(text))); }

// Values of coreutils' sha256sum.
TEST(Sha256Test, AgreesWithSha256sum) {
  Sha256 digest;
  EXPECT_EQ(digest.hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  add(digest, "a");
  add(digest, "bc");
  EXPECT_EQ(digest.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  for (int i = 0; i < 1000; ++i) add(digest, "0123456789abcdef");
  EXPECT_EQ(digest.hex(), "6dfb0418da40383222dffd244814d9dcb4e37d4bdc5514a23c6cc2eaa154630f");
}

class TimestampTest : public testing::Test {
 protected:
  void TearDown() override { unsetenv("SOURCE_DATE_EPOCH"); }
};

// Values of `date -u -d @SECONDS +%FT%TZ`.
TEST_F(TimestampTest, FollowsSourceDateEpoch) {
  setenv("SOURCE_DATE_EPOCH", "1769860800", 1);
  EXPECT_EQ(utc_timestamp(), "2026-01-31T12:00:00Z");
  setenv("SOURCE_DATE_EPOCH", "0", 1);
  EXPECT_EQ(utc_timestamp(), "1970-01-01T00:00:00Z");
}

TEST_F(TimestampTest, RefusesWhatIsNoEpoch) {
  for (const char* text : {"", "now", "-1", "12x", "999999999999"}) {
    setenv("SOURCE_DATE_EPOCH", text, 1);
    EXPECT_THROW(utc_timestamp(), Error) << text;
  }
}

TEST_F(TimestampTest, IsNowOtherwise) {
  EXPECT_GT(utc_timestamp(), "2026-01-01T00:00:00Z");
  EXPECT_EQ(utc_timestamp().size(), 20U);
}

}  // namespace
}  // namespace claptools
