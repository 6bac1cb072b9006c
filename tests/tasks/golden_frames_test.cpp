// Frame scores of the model: what the official post-processing makes of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "claptools/tasks/postprocess.hpp"
#include "support/golden_h5.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using Floats = std::vector<float>;
using Segments = std::map<std::array<std::size_t, 3>, std::vector<FrameRun>>;

Floats amplified(Floats cosine) {
  for (float& x : cosine) x *= 8;
  return sigmoid(cosine);
}

TEST(FrameScores, OfAFewClips) {
  const auto data =
      json::parse(std::ifstream(std::string(CLAPTOOLS_TEST_DATA) + "/tasks/frames.json"));
  std::size_t segments = 0;
  for (const auto& c : data["cases"]) {
    const auto cosine = c["cosine"].get<Floats>();
    EXPECT_EQ(median_filter(cosine, 3), c["median3"].get<Floats>());
    for (const auto& [index, threshold] : data["thresholds"].items()) {
      std::vector<FrameRun> expected;
      for (const auto& s : c["amplified_segments"]) {
        if (s[0] == std::stoi(index)) expected.push_back({s[1], s[2]});
      }
      EXPECT_EQ(grounding_events(amplified(cosine), threshold), expected) << c["clip"] << index;
      segments += expected.size();
    }
  }
  EXPECT_GT(segments, 30u);
}

class GoldenFrames : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const auto path = std::string(CLAPTOOLS_SHARED) + "/goldens/" + GetParam();
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no golden data: " << path;
    const testing::GoldenFile file(path);
    const testing::Golden cosine = file.tensor("frame_text_cosine");
    clips = cosine.shape[0];
    captions = cosine.shape[2];
    scores = {cosine.data, cosine.shape[1]};
    filtered = {file.tensor("sed_median_filtered").data, cosine.shape[1]};
    thresholds = file.doubles("grounding_thresholds");
    plain = read_segments(file, "grounding_segments");
    strong = read_segments(file, "grounding_amplified_segments");
    const auto names = json::parse(file.string_attribute("/", "clips").at(0));
    for (const auto& name : names) is_sed.push_back(name.get<std::string>().ends_with("/sed"));
  }

  static Segments read_segments(const testing::GoldenFile& file, const std::string& name) {
    const auto rows = file.ints(name);
    Segments segments;
    for (std::size_t i = 0; i + 5 <= rows.size(); i += 5) {
      const auto at = [&](std::size_t k) { return static_cast<std::size_t>(rows[i + k]); };
      segments[{at(0), at(1), at(2)}].push_back({at(3), at(4)});
    }
    return segments;
  }

  /// One caption's scores over the frames of a clip, of a [clips, frames, captions] tensor.
  Floats column(const std::pair<Floats, std::size_t>& tensor, std::size_t clip,
                std::size_t caption) const {
    Floats values;
    for (std::size_t t = 0; t < tensor.second; ++t) {
      values.push_back(tensor.first[(clip * tensor.second + t) * captions + caption]);
    }
    return values;
  }

  static std::vector<FrameRun> find(const Segments& segments, std::size_t clip, std::size_t caption,
                                    std::size_t threshold) {
    const auto found = segments.find({clip, caption, threshold});
    return found == segments.end() ? std::vector<FrameRun>{} : found->second;
  }

  std::size_t clips = 0, captions = 0;
  std::pair<Floats, std::size_t> scores, filtered;
  std::vector<double> thresholds;
  Segments plain, strong;
  std::vector<bool> is_sed;
};

TEST_P(GoldenFrames, MedianIsExact) {
  for (std::size_t clip = 0; clip < clips; ++clip) {
    for (std::size_t c = 0; c < captions; ++c) {
      EXPECT_EQ(median_filter(column(scores, clip, c), 3), column(filtered, clip, c));
    }
  }
}

/// The file keeps the clips of the detection protocol, all captions and thresholds.
TEST_P(GoldenFrames, SegmentsAreExact) {
  std::size_t found = 0;
  for (std::size_t clip = 0; clip < clips; ++clip) {
    if (!is_sed[clip]) continue;
    for (std::size_t c = 0; c < captions; ++c) {
      const Floats probability = sigmoid(column(scores, clip, c));
      for (std::size_t t = 0; t < thresholds.size(); ++t) {
        const auto events = grounding_events(probability, thresholds[t]);
        EXPECT_EQ(events, find(plain, clip, c, t)) << clip << ' ' << c << ' ' << t;
        found += !events.empty();
      }
    }
  }
  EXPECT_EQ(found, plain.size());
}

/// The file keeps all clips, every third caption and every fifth threshold.
TEST_P(GoldenFrames, AmplifiedSegmentsAreExact) {
  std::size_t found = 0;
  for (std::size_t clip = 0; clip < clips; ++clip) {
    for (std::size_t c = 0; c < captions; c += 3) {
      const Floats probability = amplified(column(scores, clip, c));
      for (std::size_t t = 2; t < thresholds.size(); t += 5) {
        const auto events = grounding_events(probability, thresholds[t]);
        EXPECT_EQ(events, find(strong, clip, c, t)) << clip << ' ' << c << ' ' << t;
        found += !events.empty();
      }
    }
  }
  EXPECT_EQ(found, strong.size());
}

INSTANTIATE_TEST_SUITE_P(Shared, GoldenFrames, ::testing::Values("full_sim.h5", "tiny_sim.h5"));

}  // namespace
}  // namespace claptools
