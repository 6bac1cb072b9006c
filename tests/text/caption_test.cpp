#include "claptools/text/caption.hpp"

#include <gtest/gtest.h>

#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/table.hpp"

namespace claptools {
namespace {

// Expected texts: the official run and Python's own str.lower and re
// (tests/data/text/make_text_goldens.py).
TEST(CleanCaption, EqualsPython) {
  const std::string path = CLAPTOOLS_TEST_DATA "/text/captions.tsv";
  const Table table = read_table_file(path, Delimiter::tab);
  const std::size_t text = table.require("text", path), cleaned = table.require("cleaned", path);
  ASSERT_GT(table.rows.size(), 1000u);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    EXPECT_EQ(escape_tsv(clean_caption(unescape_tsv(table.rows[i][text]))),
              escape_tsv(unescape_tsv(table.rows[i][cleaned])))
        << path << ":" << table.lines[i];
  }
}

TEST(CleanCaption, ShrinksSpacesOnlyTwice) {
  EXPECT_EQ(clean_caption("a" + std::string(16, ' ') + "b"), "a    b");
}

TEST(CleanCaption, FinalSigmaLooksThroughMarks) {
  EXPECT_EQ(clean_caption("ΟΔΟΣ ΣΑΣ' Σ"), "οδος σας' σ");
}

TEST(CleanCaption, TakesLinearTimeOnLongLines) {
  std::string sigmas;
  for (int i = 0; i < 200000; ++i) sigmas += "Σ'''";
  EXPECT_EQ(clean_caption(sigmas).size(), sigmas.size());
}

}  // namespace
}  // namespace claptools
