#include "claptools/runs/text_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "claptools/runs/run_header.hpp"
#include "pipeline/fake_model.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using Mode = RunJournal::Mode;

constexpr std::size_t kTexts = 9000;  // two blocks and the beginning of a third

class TextRunTest : public ::testing::Test {
 protected:
  TextRunTest() {
    for (std::size_t i = 0; i < kTexts; ++i) texts_.push_back("Text " + std::to_string(i * i));
  }

  TextRun begin(const std::string& file, Mode mode) const {
    EmbeddingHeader header;
    header.kind = "text";
    header.dim = 4;
    header.model_sha256 = "00ff";
    header.created = "2026-01-31T12:00:00Z";
    header.options = describe_text_options(false, false);
    return {model_,
            {false, 2},
            header,
            {dir_ / file, mode, run_fingerprint(header, {"config", "cpu", 0}), {}}};
  }

  /// @param stop_at set the flag when so many are done.
  bool run(TextRun& run, std::size_t stop_at = std::numeric_limits<std::size_t>::max()) {
    std::atomic<bool> stop = false;
    const NextTexts next = [&, at = std::size_t{0}](std::size_t count) mutable {
      const std::size_t first = at;
      at = std::min(at + count, texts_.size());
      return std::vector<std::string>(texts_.begin() + static_cast<std::ptrdiff_t>(first),
                                      texts_.begin() + static_cast<std::ptrdiff_t>(at));
    };
    return run.run(
        next, [&](std::size_t done) { stop = done >= stop_at; }, stop);
  }

  std::string whole() {
    TextRun run_of_all = begin("whole.h5", Mode::force);
    EXPECT_TRUE(run(run_of_all));
    run_of_all.commit();
    return testing::read_bytes(dir_ / "whole.h5");
  }

  std::string resumed() {
    TextRun rest = begin("out.h5", Mode::resume);
    EXPECT_TRUE(run(rest));
    EXPECT_EQ(rest.done(), texts_.size());
    rest.commit();
    return testing::read_bytes(dir_ / "out.h5");
  }

  testing::TempDir dir_;
  testing::FakeModel model_;
  std::vector<std::string> texts_;
};

TEST_F(TextRunTest, InterruptedAndResumedMakesTheSameBytes) {
  const std::string expected = whole();
  {
    TextRun some = begin("out.h5", Mode::begin);
    EXPECT_FALSE(run(some, 4096));
    EXPECT_EQ(some.interrupt(), 4096U);
  }
  const std::size_t before = model_.texts_embedded;
  EXPECT_TRUE(resumed() == expected);
  EXPECT_EQ(model_.texts_embedded - before, kTexts - 4096);
  EXPECT_FALSE(std::filesystem::exists(dir_ / ".out.h5.parts"));
}

TEST_F(TextRunTest, WhatChangedMeanwhileIsMadeAgain) {
  {
    TextRun some = begin("out.h5", Mode::begin);
    EXPECT_FALSE(run(some, 8192));
  }
  texts_[4100] = "another";
  const std::size_t before = model_.texts_embedded;
  const std::string made = resumed();
  EXPECT_EQ(model_.texts_embedded - before, kTexts - 4096) << "the first block was copied";
  EXPECT_TRUE(made == whole());
}

TEST_F(TextRunTest, AListThatGrewMeanwhileLosesNothing) {
  {
    TextRun some = begin("out.h5", Mode::begin);
    EXPECT_FALSE(run(some, kTexts)) << "stopped between the last text and the end";
    EXPECT_EQ(some.interrupt(), kTexts);
  }
  texts_.resize(kTexts + 10, "one more");
  const std::string made = resumed();
  EXPECT_EQ(EmbeddingReader(dir_ / "out.h5").rows(), kTexts + 10);
  EXPECT_TRUE(made == whole());
}

TEST_F(TextRunTest, CleansCaptions) {
  texts_ = {"A Dog barks", "a dog barks"};
  EmbeddingHeader header;
  header.kind = "text";
  header.dim = 4;
  TextRun clean(model_, {true, 1}, header, {dir_ / "out.h5", Mode::begin, "", {}});
  EXPECT_TRUE(run(clean));
  EXPECT_EQ(model_.texts_embedded, 1U) << "which is what both are";
}

}  // namespace
}  // namespace claptools
