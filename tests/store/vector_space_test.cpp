#include "claptools/store/vector_space.hpp"

#include <gtest/gtest.h>

namespace claptools {
namespace {

const std::string kDigest = "0123456789abcdef0123456789abcdef";
const std::string kModel = name_space("mga-clap", kDigest, "32000/320");
const std::string kRows = name_space(kModel, {2.5, "zero", "mean", "int8"});

TEST(VectorSpace, HasAName) {
  EXPECT_EQ(kModel, "mga-clap:0123456789ab:32000/320");
  EXPECT_EQ(kRows, "mga-clap:0123456789ab:32000/320:2.5s:zero:mean:int8");
  EXPECT_EQ(other_space(kModel, "x"), "other space: mga-clap:0123456789ab:32000/320 / x");
}

TEST(VectorSpace, IsTheModelsWhateverARunDoes) {
  const std::string other = name_space(kModel, {10, "repeat", "none", "fp32"});
  for (const std::string& same : {kModel, kRows, other, std::string()}) {
    EXPECT_FALSE(are_of_other_models(kRows, same)) << same;
    EXPECT_FALSE(are_of_other_models(same, kModel)) << same;
  }
}

TEST(VectorSpace, OfAnotherModelIsAnother) {
  for (const std::string& other :
       {name_space("wavcaps", kDigest, "32000/320"), name_space("mga-clap", "ff", "32000/320"),
        name_space("mga-clap", kDigest, "48000/320"), std::string("mga-clap:0123456789ab")}) {
    EXPECT_TRUE(are_of_other_models(kModel, other)) << other;
    EXPECT_TRUE(are_of_other_models(kRows, name_space(other, {2.5, "zero", "mean", "int8"})));
  }
}

TEST(VectorSpace, AnIndexTakesRowsOfOneRunsConditions) {
  EXPECT_FALSE(are_of_other_spaces(kRows, kRows));
  for (const std::string& untold : {kModel, std::string()}) {
    EXPECT_FALSE(are_of_other_spaces(kRows, untold)) << untold;
    EXPECT_FALSE(are_of_other_spaces(untold, kRows)) << untold;
  }
  const RowConditions conditions[]{{5, "zero", "mean", "int8"},
                                   {2.5, "repeat", "mean", "int8"},
                                   {2.5, "zero", "max", "int8"},
                                   {2.5, "zero", "mean", "fp32"}};
  for (const RowConditions& other : conditions)
    EXPECT_TRUE(are_of_other_spaces(kRows, name_space(kModel, other)));
  EXPECT_TRUE(are_of_other_spaces(kRows, name_space("mga-clap", "ff", "32000/320")));
}

TEST(VectorSpace, TellsHowWindowsWereJoined) {
  EXPECT_EQ(pooling_of(kRows), "mean");
  for (const char* untold : {"", "mga-clap", "mga-clap:00ff:32000/320", "a:b:c:10s:zero"})
    EXPECT_EQ(pooling_of(untold), "") << untold;
  EXPECT_EQ(pooling_of("a:b:c:10s:zero:fusion"), "fusion");
}

}  // namespace
}  // namespace claptools
