#include "claptools/dataset/batch_loader.hpp"

#include <gmock/gmock.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>
#include <thread>

#include "claptools/core/error.hpp"
#include "dataset/clips.hpp"

namespace claptools {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::telling_samples;
using testing::wav_at_1khz;
using testing::write_bytes;

bool operator==(const TrainingBatch& a, const TrainingBatch& b) {
  return a.waveforms.data == b.waveforms.data && a.waveforms.rows == b.waveforms.rows &&
         a.captions == b.captions && a.identities == b.identities && a.first == b.first &&
         a.step == b.step;
}

std::vector<TrainingBatch> drain(BatchLoader& loader) {
  std::vector<TrainingBatch> batches;
  while (auto batch = loader.next()) batches.push_back(std::move(*batch));
  return batches;
}

class Loader : public ::testing::Test {
 protected:
  Loader() {
    options_.sample_rate = 1000;
    options_.window_s = 1;
    options_.min_samples = 33;
    plan_options_.batch = 4;
    plan_options_.boundaries_s = {};
  }

  /// A clip with two captions; its duration is told to the manifest if `told`.
  void add_clip(const std::vector<float>& samples, const std::string& label = "",
                bool told = true) {
    const std::string number = std::to_string(items_.size());
    const auto path = folder_ / (number + ".wav");
    write_bytes(path, wav_at_1khz(samples));
    const double duration_s = told ? static_cast<double>(samples.size()) / 1000 : 0;
    items_.push_back(
        {{path.native(), "", 0}, number, duration_s, {"a" + number, "b" + number}, label});
  }

  void add_telling_clips(std::initializer_list<std::size_t> sizes) {
    for (const std::size_t size : sizes) add_clip(telling_samples(items_.size() + 1, size), "x");
  }

  std::vector<TrainingBatch> load(StepRange steps) {
    const TrainingSet set = make_training_set(items_);
    const BatchPlan plan(set.durations_s(), plan_options_);
    BatchLoader loader(set, plan, options_, steps, [this](LogLevel, std::string_view message) {
      warnings_.emplace_back(message);
    });
    auto batches = drain(loader);
    failed_ = loader.failed();
    return batches;
  }

  void use_every_augmentation() {
    options_.augment = {.speed = 0.1,
                        .mix = 0.5,
                        .shelf_db = 6,
                        .gain_db = 6,
                        .shift_s = 0.2,
                        .circular = true,
                        .polarity = true,
                        .noise = 0.5,
                        .place = 1};
  }

  testing::TempDir folder_;
  std::vector<ManifestItem> items_;
  LoaderOptions options_;
  BatchPlanOptions plan_options_;
  std::vector<std::string> warnings_;
  std::size_t failed_ = 0;
};

TEST_F(Loader, RowsHoldTheirClips) {
  add_telling_clips({700, 1500, 200, 900, 2600, 1000});
  const auto batches = load({0, 3});
  ASSERT_THAT(batches, SizeIs(3));
  std::set<std::string> captions;
  for (const TrainingBatch& batch : batches) {
    ASSERT_EQ(batch.waveforms.rows, 4U);
    std::size_t longest = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto clip = static_cast<std::size_t>(batch.captions[i][1] - '0');
      captions.insert(batch.captions[i]);
      EXPECT_EQ(batch.identities[i], make_training_set(items_).identities[clip]);
      const auto whole = telling_samples(
          clip + 1, static_cast<std::size_t>(std::lround(1000 * items_[clip].duration_s)));
      const auto row = batch.waveforms.row(i);
      const std::size_t count = std::min(whole.size(), row.size());
      longest = std::max(longest, count);
      const auto start = static_cast<std::size_t>(std::lround(1000 * (row[0] - whole[0])));
      ASSERT_LE(start + count, whole.size());
      EXPECT_TRUE(start == 0 || whole.size() > row.size());
      EXPECT_TRUE(std::equal(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(count),
                             whole.begin() + static_cast<std::ptrdiff_t>(start)));
      EXPECT_THAT(std::vector(row.begin() + static_cast<std::ptrdiff_t>(count), row.end()),
                  Each(0));
    }
    EXPECT_EQ(batch.waveforms.cols, longest);
  }
  EXPECT_THAT(captions, SizeIs(12));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(Loader, CropsLieEverywhere) {
  for (const bool told : {true, false}) {
    items_.clear();
    for (const std::size_t size : {1200, 5000}) {  // read whole, and as far as needed
      add_clip(telling_samples(0, size), "", told);
      plan_options_.batch = items_.size() * 2;
      std::vector<float> starts;
      for (const auto& batch : load({0, 60}))
        for (std::size_t i = 0; i < batch.waveforms.rows; ++i)
          if (batch.captions[i].back() == '0' + static_cast<int>(items_.size()) - 1)
            starts.push_back(batch.waveforms.row(i)[0] * 1000 / static_cast<float>(size - 1000));
      ASSERT_THAT(starts, SizeIs(120));
      EXPECT_LT(*std::ranges::min_element(starts), 0.1);
      EXPECT_GT(*std::ranges::max_element(starts), 0.9);
    }
  }
}

TEST_F(Loader, BatchesDoNotDependOnThreadsCacheOrStart) {
  add_telling_clips({700, 1500, 200, 900, 2600, 1000, 40, 3100});
  write_bytes(folder_ / "2.wav", "damaged");
  auto half_good = telling_samples(9, 9000);  // whether its damage is met, the crop decides
  half_good[6000] = std::numeric_limits<float>::quiet_NaN();
  add_clip(half_good);
  use_every_augmentation();
  options_.threads = 1;
  const auto expected = load({0, 12});
  ASSERT_THAT(expected, SizeIs(12));
  EXPECT_FALSE(expected[0] == expected[4]);
  for (const std::uint64_t first : {0U, 1U, 5U, 8U}) {
    for (const int threads : {1, 3}) {
      options_.threads = threads;
      options_.cache_bytes = threads == 3 ? 8000 : 0;
      options_.ahead = 1 + first;
      const auto batches = load({first, 12});
      ASSERT_THAT(batches, SizeIs(12 - first));
      for (std::size_t i = 0; i < batches.size(); ++i)
        EXPECT_TRUE(batches[i] == expected[first + i]) << "step " << first + i;
    }
  }
}

TEST_F(Loader, RanksShareTheBatches) {
  add_telling_clips({700, 1500, 200, 900, 2600, 1000, 40, 3100, 50});
  use_every_augmentation();
  for (const std::size_t ranks : {2U, 4U}) {
    plan_options_.keep_last = ranks == 2;  // the last batch has 2 pairs
    plan_options_.ranks = 1;
    options_.rank = 0;
    const auto whole = load({0, 8});
    plan_options_.ranks = ranks;
    for (std::size_t rank = 0; rank < ranks; ++rank) {
      options_.rank = rank;
      const auto shares = load({0, 8});
      for (std::size_t step = 0; step < 8; ++step) {
        const auto& share = shares[step].waveforms;
        ASSERT_EQ(share.rows, whole[step].waveforms.rows / ranks);
        ASSERT_EQ(share.cols, whole[step].waveforms.cols);
        EXPECT_EQ(shares[step].first, rank * share.rows);
        const auto* part = whole[step].waveforms.row(shares[step].first).data();
        EXPECT_TRUE(std::equal(share.data.begin(), share.data.end(), part));
        EXPECT_EQ(shares[step].captions[0], whole[step].captions[shares[step].first]);
      }
    }
  }
}

TEST_F(Loader, LengthsOfRows) {
  add_telling_clips({300, 500});
  EXPECT_EQ(load({0, 1})[0].waveforms.cols, 500U);
  options_.padding = Padding::window;
  EXPECT_EQ(load({0, 1})[0].waveforms.cols, 1000U);
  options_.padding = Padding::longest;
  items_[0].duration_s = 0;
  EXPECT_EQ(load({0, 1})[0].waveforms.cols, 1000U);
  items_.clear();
  add_telling_clips({20, 32});
  EXPECT_EQ(load({0, 1})[0].waveforms.cols, 1000U);
  items_[1].duration_s = 0.033;
  EXPECT_EQ(load({0, 1})[0].waveforms.cols, 33U);
}

TEST_F(Loader, ClipsThatCannotBeReadAreReplacedAndReportedOnce) {
  add_telling_clips({700, 700, 700, 700});
  const auto whole = load({0, 6});
  write_bytes(folder_ / "1.wav", "damaged");
  std::filesystem::remove(folder_ / "2.wav");
  const auto batches = load({0, 6});
  for (std::size_t step = 0; step < 6; ++step) {
    for (std::size_t i = 0; i < 4; ++i) {
      const std::string& caption = whole[step].captions[i];
      const bool lost = caption[1] == '1' || caption[1] == '2';
      EXPECT_EQ(batches[step].captions[i], lost ? "a3" : caption);
      EXPECT_EQ(batches[step].waveforms.row(i)[0], lost ? 400 : whole[step].waveforms.row(i)[0]);
      EXPECT_EQ(batches[step].identities[i] == whole[step].identities[i], !lost);
    }
  }
  EXPECT_EQ(failed_, 2U);
  ASSERT_THAT(warnings_, SizeIs(2));
  EXPECT_THAT(warnings_[0] + warnings_[1], HasSubstr("1.wav: not audio"));
  EXPECT_THAT(warnings_[0] + warnings_[1], HasSubstr("2.wav: No such file"));
}

TEST_F(Loader, ClipsThatAreNotAsTheyAreSaidAreReportedOnce) {
  add_telling_clips({700, 700, 700, 700});
  const auto whole = load({0, 6});
  EXPECT_THAT(warnings_, SizeIs(0));
  std::string longer = testing::read_bytes(folder_ / "1.wav");
  longer += longer.substr(longer.size() - 200);  // samples that no header counts
  write_bytes(folder_ / "1.wav", longer);
  load({0, 6});
  EXPECT_EQ(failed_, 0U);
  ASSERT_THAT(warnings_, SizeIs(1));
  EXPECT_THAT(warnings_[0], HasSubstr("1.wav: its header declares"));
}

TEST_F(Loader, NothingReadableIsAnError) {
  add_telling_clips({700, 700, 700});
  for (const char* name : {"0.wav", "1.wav", "2.wav"}) write_bytes(folder_ / name, "x");
  try {
    load({0, 6});
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::data);
    EXPECT_THAT(e.reason(), HasSubstr("no recording can be read"));
  }
}

TEST_F(Loader, MembersOfATarAreReadAsFiles) {
  add_telling_clips({700, 1500, 2600});
  const auto expected = load({0, 2});
  std::string shard;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string key = std::to_string(i);
    shard += testing::tar_member(key + ".json", R"({"captions": ["a)" + key + R"(", "b)" + key +
                                                    R"("], "duration": )" +
                                                    std::to_string(items_[i].duration_s) + "}");
    shard += testing::tar_member(key + ".wav", testing::read_bytes(items_[i].audio.path));
  }
  write_bytes(folder_ / "s.tar", shard + testing::tar_end());
  items_ = read_manifest((folder_ / "s.tar").native(), {});
  const auto batches = load({0, 2});
  for (std::size_t step = 0; step < 2; ++step) {
    EXPECT_EQ(batches[step].waveforms.data, expected[step].waveforms.data);
    EXPECT_EQ(batches[step].captions, expected[step].captions);
  }
}

/// Clips of one label are positive, of another negative; the third and the one without stay alone.
TEST_F(Loader, OnlyClipsOfOneLabelAreMixed) {
  std::vector<std::vector<float>> clips;
  for (const float level : {1.0F, -1.0F, 2.0F, -2.0F, 3.0F, 4.0F}) {
    clips.emplace_back(1000, level);
    if (clips.size() > 2) std::fill_n(clips.back().begin(), 500, 0.0F);
  }
  for (std::size_t i = 0; i < 6; ++i)
    add_clip(clips[i], i == 5 ? "" : i == 4 ? "alone" : i % 2 == 0 ? "even" : "odd");
  options_.augment.mix = 1;
  std::size_t mixed = 0;
  for (const auto& batch : load({0, 12})) {
    for (std::size_t i = 0; i < 4; ++i) {
      const auto clip = static_cast<std::size_t>(batch.captions[i][1] - '0');
      const auto row = batch.waveforms.row(i);
      const float sign = clips[clip][999] > 0 ? 1 : -1;
      EXPECT_TRUE(std::ranges::all_of(row, [&](float x) { return x * sign >= 0; }));
      const bool same = std::ranges::equal(row, clips[clip]);
      EXPECT_EQ(same, clip >= 4);
      mixed += same ? 0 : 1;
    }
  }
  EXPECT_EQ(mixed, 12U * 4 * 4 / 6);
}

TEST_F(Loader, ShortClipsArePlacedAnywhere) {
  add_clip(std::vector<float>(200, 1));
  add_clip(std::vector<float>(1000, 2));
  options_.augment.place = 1;
  std::set<std::ptrdiff_t> starts;
  for (const auto& batch : load({0, 40})) {
    for (std::size_t i = 0; i < 4; ++i) {
      const auto row = batch.waveforms.row(i);
      if (row[500] == 2) continue;
      EXPECT_EQ(std::ranges::count(row, 1.0F), 200);
      const auto first = std::ranges::find(row, 1.0F);
      EXPECT_EQ(std::ranges::count(first, first + 200, 1.0F), 200);
      starts.insert(first - row.begin());
    }
  }
  EXPECT_GT(starts.size(), 40U);
  EXPECT_LT(*starts.begin(), 80);
  EXPECT_GT(*starts.rbegin(), 720);
}

TEST_F(Loader, TellsHowLongItWaited) {
  add_telling_clips({700, 700});
  const TrainingSet set = make_training_set(items_);
  const BatchPlan plan(set.durations_s(), plan_options_);
  BatchLoader loader(set, plan, options_, {0, 4});
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(loader.next());
  const double first = loader.waited_s();
  EXPECT_GT(first, 0);
  drain(loader);
  EXPECT_GE(loader.waited_s(), first);
  EXPECT_LE(loader.waited_s(),
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
}

/// Nobody takes the batches: no more is decoded than two of them, 4 rows of 4 MB each.
TEST_F(Loader, MemoryIsBounded) {
  options_.sample_rate = 100000;
  options_.window_s = 10;
  add_clip(std::vector<float>(1000, 1));
  add_clip(std::vector<float>(1000, 1));
  options_.padding = Padding::window;
  const auto heap = [] {
    const auto info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
  };
  const TrainingSet set = make_training_set(items_);
  const BatchPlan plan(set.durations_s(), plan_options_);
  const std::size_t before = heap();
  BatchLoader loader(set, plan, options_, {0, 1000});
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_LT(heap() - before, 60U << 20);
  EXPECT_TRUE(loader.next());
}

TEST_F(Loader, OptionsThatCannotBe) {
  add_telling_clips({700, 700});
  const auto refused = [&](auto LoaderOptions::*option, auto value) {
    const LoaderOptions kept = options_;
    options_.*option = value;
    EXPECT_THROW(load({0, 1}), Error);
    options_ = kept;
  };
  refused(&LoaderOptions::rank, 1U);
  refused(&LoaderOptions::threads, 0);
  refused(&LoaderOptions::ahead, 0U);
  refused(&LoaderOptions::window_s, 0.01);
  refused(&LoaderOptions::window_s, 301.0);
  refused(&LoaderOptions::augment, AugmentOptions{.speed = 2});
}

}  // namespace
}  // namespace claptools
