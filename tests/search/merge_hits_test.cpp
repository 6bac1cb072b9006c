#include "claptools/search/merge_hits.hpp"

#include <gmock/gmock.h>

#include "claptools/core/error.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MergeHitsTest : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& lines,
                   const std::string& meta = "") {
    testing::write_bytes(folder_ / name,
                         "query\trank\tscore\tid\tstart_s\tend_s" + meta + "\n" + lines);
    return folder_ / name;
  }

  /// "query rank score id start end meta" per row.
  static std::vector<std::string> merged(const std::vector<std::string>& files,
                                         const HitOptions& options = {}) {
    std::vector<std::string> lines;
    for (const HitTable::Row& row : merge_hits(files, options).rows) {
      std::string line = row.query + " " + std::to_string(row.rank) + " " + row.score + " " +
                         row.segment.id + " " +
                         std::to_string(static_cast<int>(row.segment.start_s)) + "-" +
                         std::to_string(static_cast<int>(row.segment.end_s));
      for (const std::string& value : row.meta) line += " '" + value + "'";
      lines.push_back(std::move(line));
    }
    return lines;
  }

  static std::string message_of(const auto& action) {
    return testing::message_of(Fault::data, action);
  }

  testing::TempDir folder_;
};

TEST_F(MergeHitsTest, RanksTheHitsOfAllTables) {
  const auto a =
      file("a", "dog\t1\t0.9\tx.wav\t0\t1\ndog\t2\t0.5\ty.wav\t0\t1\nrain\t1\t0.2\ty.wav\t0\t1\n");
  const auto b = file("b", "dog\t1\t0.90\tz.wav\t0\t1\ndog\t2\t0.7\tx.wav\t1\t2\n");
  EXPECT_THAT(merged({a, b}),
              ElementsAre("dog 1 0.9 x.wav 0-1", "dog 2 0.90 z.wav 0-1", "dog 3 0.7 x.wav 1-2",
                          "dog 4 0.5 y.wav 0-1", "rain 1 0.2 y.wav 0-1"));
  HitOptions options;
  options.k = 1;
  EXPECT_THAT(merged({b, a}, options), ElementsAre("dog 1 0.90 z.wav 0-1", "rain 1 0.2 y.wav 0-1"));
  options.k = 10;
  options.min_score = 0.6;
  options.by_file = true;
  EXPECT_THAT(merged({a, b}, options), ElementsAre("dog 1 0.9 x.wav 0-2", "dog 2 0.90 z.wav 0-1"));
  options.min_score = 1;
  EXPECT_THAT(merged({a, b}, options), IsEmpty());
}

TEST_F(MergeHitsTest, TellsQueriesOfOneNameApart) {
  const auto a = file("a", "dog\t1\t0.9\tx.wav\t0\t1\ndog\t1\t0.8\ty.wav\t0\t1\n");
  const auto b = file("b", "dog\t1\t0.7\tz.wav\t0\t1\ndog\t1\t0.95\tw.wav\t0\t1\n");
  EXPECT_THAT(merged({a, b}), ElementsAre("dog 1 0.9 x.wav 0-1", "dog 2 0.7 z.wav 0-1",
                                          "dog 1 0.95 w.wav 0-1", "dog 2 0.8 y.wav 0-1"));
}

TEST_F(MergeHitsTest, UnitesMetaColumns) {
  const auto a = file("a", "dog\t1\t0.9\tx.wav\t0\t1\tBonn\n", "\tcity");
  const auto b = file("b", "dog\t1\t0.8\ta\\tb.wav\t0\t1\t2020\tUlm\n", "\tyear\tcity");
  EXPECT_THAT(merge_hits(std::vector<std::string>{a, b}, {}).meta_columns,
              ElementsAre("city", "year"));
  EXPECT_THAT(merged({a, b}),
              ElementsAre("dog 1 0.9 x.wav 0-1 'Bonn' ''", "dog 2 0.8 a\tb.wav 0-1 'Ulm' '2020'"));
}

TEST_F(MergeHitsTest, RefusesWhatIsNoTableOfHits) {
  const auto gap = file("gap", "dog\t1\t0.9\tx.wav\t0\t1\ndog\t3\t0.5\ty.wav\t0\t1\n");
  EXPECT_THAT(message_of([&] { merged({gap}); }), HasSubstr("gap:3: a rank is missing"));
  const auto word = file("word", "dog\t1\thigh\tx.wav\t0\t1\n");
  EXPECT_THAT(message_of([&] { merged({word}); }), HasSubstr("'high' is not a number"));
  testing::write_bytes(folder_ / "other", "id\tlabel\nx\ty\n");
  EXPECT_THAT(message_of([&] { merged({folder_ / "other"}); }), HasSubstr("query"));
}

}  // namespace
}  // namespace claptools
