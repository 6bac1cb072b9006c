#include "claptools/models/hub_cache.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temp_dir.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

TEST(HubCache, TellsNamesFromPaths) {
  for (const char* name : {"laion/clap-htsat-unfused", "a/b_c.d-e"}) EXPECT_TRUE(is_hub_name(name));
  for (const char* path :
       {"laion", "/laion", "laion/", "./laion", "../x/y", "a/b/c", "a/.b", "a b/c"})
    EXPECT_FALSE(is_hub_name(path)) << path;
}

TEST(HubCache, FindsTheMainRevision) {
  testing::TempDir dir;
  const fs::path folder = dir / "models--laion--clap";
  EXPECT_FALSE(find_in_hub_cache("laion/clap", dir.path()));
  fs::create_directories(folder / "refs");
  fs::create_directories(folder / "snapshots/0a1b");
  testing::write_bytes(folder / "refs/main", "0a1b\n");
  EXPECT_EQ(find_in_hub_cache("laion/clap", dir.path()), folder / "snapshots/0a1b");
  testing::write_bytes(folder / "refs/main", "../..");
  EXPECT_FALSE(find_in_hub_cache("laion/clap", dir.path()));
}

}  // namespace
}  // namespace claptools
