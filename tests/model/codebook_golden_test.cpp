// Sparsemax and the masked codebook alone, against the official code's (goldens: unit.h5).

#include <gtest/gtest.h>

#include <filesystem>

#include "model/tensors.hpp"
#include "support/golden_h5.hpp"

namespace claptools {
namespace {

using testing::Golden;
using testing::GoldenFile;

const char* const kUnit = CLAPTOOLS_SHARED "/goldens/unit.h5";

at::Tensor tensor(const GoldenFile& file, const std::string& name) {
  const Golden golden = file.tensor(name);
  const std::vector<std::int64_t> shape(golden.shape.begin(), golden.shape.end());
  return testing::to_tensor(golden.data, shape);
}

TEST(Sparsemax, EqualsTheOfficialOne) {
  if (!std::filesystem::exists(kUnit)) GTEST_SKIP() << "no goldens beside the checkout";
  const GoldenFile file(kUnit);
  for (const auto& name : file.list("sparsemax")) {
    const std::string group = "sparsemax/" + name;
    const at::Tensor y = sparsemax(tensor(file, group + "/x"));
    const auto exact = file.doubles(group + "/y_fp64");
    const auto ours = testing::to_vector(y);
    ASSERT_EQ(ours.size(), exact.size());
    for (std::size_t i = 0; i < exact.size(); ++i)
      EXPECT_NEAR(ours[i], exact[i], 1e-6) << group << " " << i;
    const auto support = file.ints(group + "/support");
    const auto counted = testing::to_vector((y > 0).sum(-1));
    for (std::size_t i = 0; i < support.size(); ++i)
      EXPECT_EQ(counted[i], support[i]) << group << " row " << i;
  }
}

TEST(SharedCodebook, EqualsTheOfficialOne) {
  if (!std::filesystem::exists(kUnit)) GTEST_SKIP() << "no goldens beside the checkout";
  const GoldenFile file(kUnit);
  for (const auto& name : file.list("msc")) {
    const std::string group = "msc/" + name;
    const SharedCodebook codebook(tensor(file, group + "/codebook"),
                                  file.attribute(group, "T").at(0));
    const at::Tensor locals = tensor(file, group + "/feats"), mask = tensor(file, group + "/mask");
    const auto mixed = [&](const at::Tensor& m) {
      at::Tensor raw;
      codebook.mix(codebook.affinity(locals, m),
                   [&](const std::string& tap, const at::Tensor& value) {
                     if (tap == "mixture") raw = value;
                   });
      return raw;
    };
    EXPECT_LE(testing::max_abs_difference(mixed(mask), tensor(file, group + "/out_mask")), 1e-5)
        << group;
    EXPECT_LE(testing::max_abs_difference(mixed({}), tensor(file, group + "/out_nomask")), 1e-5)
        << group;
  }
}

}  // namespace
}  // namespace claptools
