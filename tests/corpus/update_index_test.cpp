#include "claptools/corpus/update_index.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <random>
#include <set>
#include <stdexcept>

#include "claptools/core/error.hpp"
#include "corpus/example_corpus.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::ExampleCorpus;

std::vector<std::string> names_of(const IndexDirectory& directory) {
  std::vector<std::string> names;
  for (const Segment& row : directory.rows.segments)
    names.push_back(fs::path(row.id).filename().native());
  return names;
}

/// Rows and vectors.
void expect_equal(const IndexDirectory& updated, const IndexDirectory& rebuilt) {
  ASSERT_EQ(updated.rows.segments, rebuilt.rows.segments);
  EXPECT_EQ(updated.rows.meta, rebuilt.rows.meta);
  EXPECT_EQ(updated.rows.files, rebuilt.rows.files);
  ASSERT_EQ(updated.index->size(), rebuilt.index->size());
  EXPECT_EQ(updated.index->vectors(0, updated.index->size()).data,
            rebuilt.index->vectors(0, rebuilt.index->size()).data);
}

TEST(UpdateIndex, HoldsWhatIsThere) {
  const ExampleCorpus corpus;
  corpus.write("a.wav", 2500);
  corpus.write("b.wav", 300);
  corpus.write("c.wav", 400);
  IndexDirectory index = corpus.build();
  EXPECT_THAT(names_of(index), ElementsAre("a.wav", "a.wav", "a.wav", "b.wav", "c.wav"));
  EXPECT_EQ(corpus.update(index).embedded, 0U);

  corpus.write("aa.wav", 100);
  corpus.write("b.wav", 301);
  fs::rename(corpus.path("a.wav"), corpus.path("d.wav"));
  fs::remove(corpus.path("c.wav"));
  const auto updated = corpus.update(index);
  EXPECT_EQ(updated.embedded, 2U) << "aa and b";
  EXPECT_EQ(updated.counts.added, 1U);
  EXPECT_EQ(updated.counts.changed, 1U);
  EXPECT_EQ(updated.counts.moved, 1U);
  EXPECT_EQ(updated.counts.removed, 1U);
  EXPECT_THAT(names_of(index), ElementsAre("aa.wav", "b.wav", "d.wav", "d.wav", "d.wav"));
  expect_equal(index, corpus.build());
}

TEST(UpdateIndex, AFailureKeepsTheOldRows) {
  const ExampleCorpus corpus;
  corpus.write("a.wav", 300);
  corpus.write("b.wav", 300);
  IndexDirectory index = corpus.build();
  testing::write_bytes(corpus.path("a.wav"), "no recording");
  testing::write_bytes(corpus.path("c.wav"), "nor this");
  auto updated = corpus.update(index);
  EXPECT_EQ(updated.counts.failed, 2U);
  EXPECT_THAT(names_of(index), ElementsAre("a.wav", "b.wav"));
  ASSERT_EQ(index.rows.failures.size(), 2U);
  EXPECT_EQ(index.rows.failures[0].id, corpus.path("a.wav"));

  updated = corpus.update(index);
  EXPECT_EQ(updated.embedded, 0U) << "not tried again";
  EXPECT_EQ(updated.counts.failed, 2U);
  corpus.write("a.wav", 310);
  fs::remove(corpus.path("c.wav"));
  EXPECT_EQ(corpus.update(index).embedded, 1U);
  EXPECT_TRUE(index.rows.failures.empty());
  expect_equal(index, corpus.build());
}

TEST(UpdateIndex, OnlyTheFoldersGivenAreLookedAt) {
  const ExampleCorpus corpus;
  fs::create_directories(corpus.path("A"));
  fs::create_directories(corpus.path("B"));
  for (const char* name : {"A/a.wav", "A/b.wav", "B/c.wav"}) corpus.write(name, 300 + name[2]);
  IndexDirectory index = corpus.build();
  fs::remove(corpus.path("B/c.wav"));
  fs::remove(corpus.path("A/a.wav"));
  CorpusInputs only_a = corpus.inputs();
  only_a.arguments = {corpus.path("A/")};
  EXPECT_EQ(corpus.update(index, only_a).counts.removed, 1U);
  EXPECT_THAT(names_of(index), ElementsAre("c.wav", "b.wav"));
  only_a.mirror = true;
  EXPECT_EQ(corpus.update(index, only_a).counts.removed, 1U);
  EXPECT_THAT(names_of(index), ElementsAre("b.wav"));
}

TEST(UpdateIndex, WhatIsSaidOfARecordingIsRefreshed) {
  const ExampleCorpus corpus;
  corpus.write("a.wav", 2300);
  corpus.write("b.wav", 300);
  IndexDirectory index = corpus.build();
  CorpusInputs table = corpus.inputs();
  table.arguments = {corpus.dir / "list.csv"};
  const auto say = [&](const std::string& label) {
    testing::write_bytes(table.arguments[0],
                         "file,label\n" + corpus.path("a.wav") + "," + label + "\n");
    return corpus.update(index, table).counts.refreshed;
  };
  EXPECT_EQ(say("dog"), 1U);
  EXPECT_EQ(say("dog"), 0U);
  EXPECT_EQ(say("cat"), 1U);
  EXPECT_THAT(index.rows.header.meta_columns, ElementsAre("label"));
  EXPECT_THAT(index.rows.meta[0], ElementsAre("", "cat", "cat", "cat")) << "b is out of scope";
  EXPECT_EQ(corpus.update(index).counts.refreshed, 0U) << "a folder says nothing";
}

TEST(UpdateIndex, GraphsKeepTheirOrderWhereNothingLeaves) {
  const ExampleCorpus corpus;
  for (int i = 0; i < 40; ++i) corpus.write(std::to_string(100 + i) + ".wav", 100 + 7 * i);
  IndexDirectory index = corpus.build("HNSW8");
  corpus.write("000.wav", 90);
  corpus.update(index);
  EXPECT_EQ(names_of(index).back(), "000.wav");
  const std::vector<float> fresh = index.index->vectors(40, 1).data;
  fs::remove(corpus.path("120.wav"));
  corpus.update(index);
  EXPECT_EQ(index.rows.segments.size(), 40U);
  EXPECT_EQ(index.index->size(), 40U);
  EXPECT_EQ(names_of(index).back(), "000.wav");
  EXPECT_EQ(index.index->vectors(39, 1).data, fresh) << "still that of 000.wav";
}

class UpdateIndexTypes : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, UpdateIndexTypes,
                         ::testing::Values("Flat", "SQfp16", "IVF4,Flat", "IVF4,SQ8", "PQ2x4",
                                           "IVF4,PQ2x4", "HNSW8", "PCA2,Flat", "IVF4,Flat,RFlat"));

/// Searched as a whole, they find the same as one that was made of what is there now.
TEST_P(UpdateIndexTypes, RowsThatStayKeepTheirVectors) {
  const ExampleCorpus corpus;
  for (int i = 0; i < 60; ++i) corpus.write(std::to_string(100 + i) + ".wav", 100 + 11 * i);
  IndexDirectory index = corpus.build(GetParam());
  std::map<std::string, std::vector<float>> before;
  for (std::size_t i = 0; i < 60; ++i)
    before[index.rows.segments[i].id] = index.index->vectors(i, 1).data;
  for (int i = 0; i < 60; i += 3) fs::remove(corpus.path(std::to_string(100 + i) + ".wav"));
  fs::rename(corpus.path("101.wav"), corpus.path("300.wav"));
  before[corpus.path("300.wav")] = before[corpus.path("101.wav")];
  corpus.write("050.wav", 777);
  const auto updated = corpus.update(index);
  EXPECT_EQ(updated.embedded, 1U);
  ASSERT_EQ(index.index->size(), 41U);
  ASSERT_EQ(index.rows.segments.size(), 41U);
  for (std::size_t i = 0; i < 41; ++i) {
    const auto at = before.find(index.rows.segments[i].id);
    if (at == before.end()) continue;
    EXPECT_EQ(index.index->vectors(i, 1).data, at->second) << i;
  }
}

/// Random changes, after each few of which the index is updated and compared with a new one.
TEST(UpdateIndex, AnyOperationsGiveWhatARebuildGives) {
  const char* const asked = std::getenv("OPERATIONS");
  const int operations = asked != nullptr ? std::atoi(asked) : 120;
  std::mt19937 random(20);
  const ExampleCorpus corpus;
  std::vector<std::string> names;
  int made = 0;
  const auto some = [&] { return random() % names.size(); };
  const auto add = [&] {
    names.push_back((random() % 2 == 0 ? "s" : "") + std::to_string(random() % 10000) + "-" +
                    std::to_string(made++) + ".wav");
    corpus.write(names.back(), 100 + random() % 3000);
  };
  for (int i = 0; i < 5; ++i) add();
  IndexDirectory index = corpus.build();
  std::size_t embedded = 0, expected = 0;
  for (int n = 0; n < operations; ++n) {
    const unsigned action = names.size() < 3 ? 0 : random() % 5;
    if (action == 0) add();
    if (action == 1) corpus.write(names[some()], 100 + random() % 3000);
    if (action == 2) {
      const std::size_t i = some();
      const std::string name = "m" + std::to_string(made++) + ".wav";
      fs::rename(corpus.path(names[i]), corpus.path(name));
      names[i] = name;
    }
    if (action == 3) {
      const std::size_t i = some();
      fs::remove(corpus.path(names[i]));
      names.erase(names.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (action == 4) {
      const std::string name = "c" + std::to_string(made++) + ".wav";
      fs::copy_file(corpus.path(names[some()]), corpus.path(name));
      names.push_back(name);
    }
    expected += action < 2 ? 1 : 0;
    if (random() % 4 != 0 && n + 1 < operations) continue;
    embedded += corpus.update(index).embedded;
    expect_equal(index, corpus.build());
    if (::testing::Test::HasFailure()) FAIL() << "after " << n << " operations";
  }
  EXPECT_LE(embedded, expected) << "no content is embedded again";
}

TEST(PendingRows, AKilledRunLosesItsLastPartAlone) {
  const ExampleCorpus corpus;
  for (int i = 0; i < 150; ++i) corpus.write(std::to_string(100 + i) + ".wav", 100 + i);
  const Corpus found = find_corpus(corpus.inputs(), {}, 1);
  const auto plan = plan_update(found, {}, {}, 1);
  {
    PendingRows pending(corpus.index(), pending_run(corpus.header()), {});
    std::size_t done = 0;
    const auto crash = [&](const PartInput&, const InputError*) {
      if (++done == 140) throw std::runtime_error("a crash");
    };
    EXPECT_THROW(pending.embed(corpus.model, inputs_to_embed(found, plan, pending), corpus.options,
                               crash, std::atomic<bool>(false)),
                 std::runtime_error);
  }
  corpus.write("050.wav", 90);   // before all that were embedded
  corpus.write("110.wav", 777);  // one of them
  const Corpus now = find_corpus(corpus.inputs(), {}, 1);
  const auto again = plan_update(now, {}, {}, 1);
  PendingRows pending(corpus.index(), pending_run(corpus.header()), {});
  EXPECT_EQ(pending.size(), 128U) << "two parts of 64";
  EXPECT_EQ(corpus.embed(pending, now, again), 151U - 127);
  IndexDirectory index = start_index(corpus.header(), {}, pending);
  apply_update(index, now, again, pending, {});
  expect_equal(index, corpus.build());
  pending.remove();
  EXPECT_FALSE(fs::exists(corpus.dir / ".x.clapindex.parts"));
}

}  // namespace
}  // namespace claptools
