#include "claptools/models/model_card.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace claptools {
namespace {

TEST(ModelCard, NamesTheLicenceOfItsFrontMatter) {
  EXPECT_EQ(licence_in("---\nlicense: apache-2.0\ntags: [audio]\n---\n# CLAP\n"), "apache-2.0");
  EXPECT_EQ(licence_in("---\r\nlicense: \"cc-by-4.0\" \r\n---\r\n"), "cc-by-4.0");
  EXPECT_EQ(licence_in("---\nlicense: other\nlicense_name: my-licence\n---\n"), "my-licence");
  EXPECT_EQ(licence_in("---\nlicense_name: x\nlicense: mit\n---\n"), "mit");
}

TEST(ModelCard, NamesNoneWhereThereIsNoFrontMatter) {
  for (const char* card :
       {"", "# CLAP\nlicense: mit\n", "---\nlicense: mit\n", "---\nlicense:\n---\n",
        "---\ntags: [a]\n---\nlicense: mit\n", "---\n  license: mit\n---\n"})
    EXPECT_EQ(licence_in(card), "") << card;
}

TEST(ModelCard, ShortensAndEscapesWhatAStrangerWrote) {
  EXPECT_EQ(licence_in("---\nlicense: a\x1b[31mb\n---\n"), "a\\x1b[31mb");
  EXPECT_LE(licence_in("---\nlicense: " + std::string(5000, 'x') + "\n---\n").size(), 64U);
}

TEST(ModelCard, IsReadFromTheModelsFolder) {
  testing::TempDir dir;
  EXPECT_EQ(licence_of(dir.path()), "");
  EXPECT_EQ(licence_of(dir / "model.pt"), "");
  testing::write_bytes(dir / "README.md", "---\nlicense: mit\n---\n");
  EXPECT_EQ(licence_of(dir.path()), "mit");
}

}  // namespace
}  // namespace claptools
