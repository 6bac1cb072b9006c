#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "claptools/core/error.hpp"
#include "claptools/core/random.hpp"
#include "claptools/report/events/event_lanes.hpp"
#include "claptools/report/plots.hpp"
#include "report/hostile_names.hpp"
#include "report/markup_check.hpp"

namespace claptools {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// Ten seconds, two classes, a spectrogram.
struct Scene {
  std::vector<std::string> classes{"dog", "rain"};
  std::vector<double> thresholds{0.5, 0.5};
  Matrix scores{4, 2};
  Matrix log_mel{1001, 64};
  std::vector<Event> detected{{"dog", 2.5, 5, 0.9f}};
  std::vector<Event> truth{{"dog", 2, 4, 1}, {"siren", 0, 10, 1}};

  EventsPlot plot() const {
    return {.title = "clip.wav",
            .duration_s = 10,
            .log_mel = log_mel,
            .frame_scores = scores,
            .hop_s = 2.5,
            .classes = classes,
            .thresholds = thresholds,
            .detected = detected,
            .truth = std::span<const Event>(truth)};
  }
};

TEST(EventsPlot, PutsEventsOnTheTimeAxis) {
  const Markup markup = expect_drawing(events_plot(Scene().plot()));
  const auto bars = markup.all("rect");
  const auto bar_at = [&](const char* x, const char* width) {
    return std::any_of(bars.begin(), bars.end(), [&](const MarkupElement& r) {
      return r.has("x", x) && r.has("width", width) && r.has("height", "8");
    });
  };
  EXPECT_TRUE(bar_at("350", "190"));  // 160 + 760 * 2.5 / 10, detected
  EXPECT_TRUE(bar_at("312", "152"));  // truth
  for (const char* tooltip :
       {"detected: dog, 2.5 s to 5 s", "truth: dog, 2 s to 4 s", "truth: siren, 0 s to 10 s"}) {
    EXPECT_THAT(markup.texts("title"), Contains(tooltip));
  }
  for (const char* text : {"clip.wav", "1 detected, 2 in the ground truth", "siren", "time (s)",
                           "threshold 0.5", "4k"}) {
    EXPECT_THAT(markup.texts("text"), Contains(text));
  }
  EXPECT_THAT(markup.all("image").at(0).attribute("href"),
              StartsWith("data:image/png;base64,iVBORw0KGgo"));
}

using Ends = std::pair<std::string, std::string>;

/// Values at the top and at the bottom of the score axis.
Ends score_ends(const std::vector<float>& scores, std::vector<double> thresholds) {
  Scene scene;
  scene.scores.data = scores;
  scene.thresholds = std::move(thresholds);
  const Markup markup = expect_drawing(events_plot(scene.plot()));
  for (const MarkupElement& path : markup.all("path")) {  // areas end within their lanes
    const std::string line = path.attribute("d");
    if (!line.ends_with('Z')) continue;
    EXPECT_LT(std::stod(line.substr(line.rfind('V') + 1)), 365);
  }
  const auto texts = markup.texts("text");
  const auto first = std::find(texts.begin(), texts.end(), "dog") + 1;
  return {first[0], first[1]};
}

TEST(EventsPlot, ScoresFillTheirLanes) {
  const std::vector<float> cosines{0.1f, 0.2f, 0.3f, 0.4f, 0.25f, 0.1f, 0.1f, 0.1f};
  EXPECT_EQ(score_ends(cosines, {}), Ends("0.4", "0"));
  EXPECT_EQ(score_ends(cosines, {0.5, 0.5}), Ends("0.5", "0"));
  const std::vector<float> sigmoids{0.45f, 0.5f, 0.55f, 0.5f, 0.5f, 0.45f, 0.5f, 0.5f};
  EXPECT_EQ(score_ends(sigmoids, {0.5, 0.6}), Ends("0.6", "0.45"));
  const std::vector<float> negative{-0.2f, -0.1f, -0.1f, -0.1f, -0.1f, -0.1f, -0.1f, -0.15f};
  EXPECT_EQ(score_ends(negative, {}), Ends("-0.1", "-0.2"));
}

TEST(EventsPlot, NamesTheThreshold) {
  Scene scene;
  scene.thresholds = {0.5, 0.25};
  const auto texts = expect_drawing(events_plot(scene.plot())).texts("text");
  EXPECT_THAT(texts, Contains("threshold of the class"));
}

TEST(EventsPlot, BoundsThePictureOfALongRecording) {
  Scene scene;
  scene.log_mel = Matrix(1'000'000, 64);
  scene.scores = Matrix(32'000, 2);
  EventsPlot plot = scene.plot();
  plot.duration_s = 10'000;
  plot.hop_s = 0.3125;
  const std::string svg = events_plot(plot);
  EXPECT_LT(svg.size(), 1'800'000u);
  EXPECT_THAT(expect_drawing(svg).texts("text"), Contains("time (h:mm:ss)"));
  plot.paged = false;
  EXPECT_LT(events_plot(plot).size(), 300'000u);
}

TEST(EventsPlot, DrawsALongRecordingOnceMoreInPages) {
  Scene scene;
  scene.detected = {{"dog", 118, 122, 0.9f}, {"rain", 500, 501, 0.9f}};
  scene.truth = {};
  scene.scores = Matrix(240, 2);
  scene.scores.row(200)[0] = 1;  // at 500 s
  EventsPlot plot = scene.plot();
  plot.duration_s = 600;
  const Markup markup = expect_drawing(events_plot(plot));
  const auto texts = markup.texts("text");
  const std::string dash = " \xE2\x80\x93 ";
  for (const std::string& page :
       {"0:00" + dash + "2:00", "2:00" + dash + "4:00", "8:00" + dash + "10:00"})
    EXPECT_THAT(texts, Contains(page));
  EXPECT_EQ(std::ranges::count(texts, "time (m:ss)"), 6);
  const auto tooltips = markup.texts("title");
  EXPECT_EQ(std::ranges::count(tooltips, "detected: dog, 118 s to 122 s"), 3) << "on two pages";
  EXPECT_EQ(std::ranges::count(tooltips, "detected: rain, 500 s to 501 s"), 2);
  const auto bars = markup.all("rect");
  EXPECT_TRUE(std::ranges::any_of(bars, [](const MarkupElement& bar) {
    return bar.has("x", "286.67") && bar.has("width", "6.33");  // 160 + 760 * 20 / 120
  }));
  // The peak at 500 s begins 20 s into its page.
  const auto paths = markup.all("path");
  EXPECT_TRUE(std::ranges::any_of(paths, [](const MarkupElement& path) {
    return path.attribute("d").find("H286.7V") != std::string::npos;
  }));
}

TEST(EventsPlot, BoundsThePages) {
  EXPECT_EQ(events_plot_pages(180), 0u);
  EXPECT_EQ(events_plot_pages(181), 2u);
  EXPECT_EQ(events_plot_pages(3600), 30u);
  EXPECT_EQ(events_plot_pages(24 * 3600), 24u);
  for (double duration = 1; duration < 1e12; duration *= 1.3)
    EXPECT_LE(events_plot_pages(duration), 30u) << duration;
  for (const double none : {0.0, -1.0, 1e300, static_cast<double>(kNan)})
    EXPECT_EQ(events_plot_pages(none), 0u);
}

TEST(EventsPlot, LabelsItsScales) {
  Scene scene;
  for (std::size_t i = 0; i < scene.log_mel.data.size(); ++i)
    scene.log_mel.data[i] = -static_cast<float>(i % 70);
  const auto texts = expect_drawing(events_plot(scene.plot())).texts("text");
  for (const char* text : {"level (dB)", "score", "-20", "-40", "-60", "mel frequency (Hz)"})
    EXPECT_THAT(texts, Contains(text));
}

/// A gliding tone over noise: base64 of the 2000 x 64 pixels as they are would be 170 kB by itself.
TEST(EventsPlot, CompressesItsSpectrogram) {
  Scene scene;
  scene.log_mel = Matrix(20'000, 64);
  Random random(1);
  for (std::size_t t = 0; t < scene.log_mel.rows; ++t) {
    const double tone = 30 + 20 * std::sin(static_cast<double>(t) / 3000);
    for (std::size_t band = 0; band < scene.log_mel.cols; ++band) {
      const double distance = static_cast<double>(band) - tone;
      scene.log_mel.row(t)[band] =
          static_cast<float>(-60 + 50 * std::exp(-distance * distance / 8) + 3 * random.normal());
    }
  }
  const std::string svg = events_plot(scene.plot());
  EXPECT_LT(svg.size(), 140'000u);
  expect_drawing(svg);
}

TEST(EventsPlot, SurvivesWhatIsMissing) {
  expect_drawing(events_plot({}));
  Scene scene;
  EventsPlot plot = scene.plot();
  plot.log_mel = {};
  plot.frame_scores = {};
  plot.truth.reset();
  const Markup bare = expect_drawing(events_plot(plot));
  EXPECT_TRUE(bare.all("image").empty());
  EXPECT_THAT(bare.texts("text"), Not(Contains("ground truth")));
  std::fill(scene.scores.data.begin(), scene.scores.data.end(), kNan);
  std::fill(scene.log_mel.data.begin(), scene.log_mel.data.end(), kNan);
  plot = scene.plot();
  expect_drawing(events_plot(plot));
  plot.duration_s = plot.hop_s = kNan;
  plot.mel_low_hz = plot.mel_high_hz = 0;
  scene.thresholds = {kNan, kNan};
  expect_drawing(events_plot(plot));
  plot.duration_s = 1e300;
  expect_drawing(events_plot(plot));
}

TEST(EventsPlot, SurvivesHostileNames) {
  for (const std::string& name : hostile_names()) {
    Scene scene;
    scene.classes[0] = scene.detected[0].label = scene.truth[0].label = name;
    EventsPlot plot = scene.plot();
    plot.title = name;
    const std::string svg = events_plot(plot);
    expect_drawing(svg);
    EXPECT_THAT(svg, Not(HasSubstr("<script")));
  }
}

TEST(EventsPlot, RefusesScoresAndThresholdsOfOtherClasses) {
  Scene scene;
  scene.thresholds.push_back(0.5);
  EXPECT_THROW(events_plot(scene.plot()), Error);
  scene.thresholds.clear();
  expect_drawing(events_plot(scene.plot()));
  scene.classes.push_back("third");
  EXPECT_THROW(events_plot(scene.plot()), Error);
}

TEST(ChooseLanes, PrefersEventsThenScores) {
  Scene scene;
  scene.classes = {"a", "b", "c", "d"};
  scene.scores = Matrix(2, 4);
  scene.scores.data = {0.1f, 0.2f, 0.9f, kNan, 0.3f, 0.2f, 0.1f, 0.0f};
  scene.detected = {{"d", 0, 1, 1}};
  scene.truth = {};
  const auto names = [](const EventLanes& lanes) {
    std::vector<std::string> out;
    for (const EventLane& lane : lanes.shown) out.push_back(lane.name);
    return out;
  };
  EXPECT_THAT(names(choose_lanes(scene.plot(), 4)), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(names(choose_lanes(scene.plot(), 3)), ElementsAre("a", "c", "d"));
  EXPECT_THAT(names(choose_lanes(scene.plot(), 1)), ElementsAre("d"));
  EXPECT_EQ(choose_lanes(scene.plot(), 1).total, 4u);
}

}  // namespace
}  // namespace claptools
