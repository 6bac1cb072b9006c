#include "claptools/corpus/found_files.hpp"

#include <gmock/gmock.h>

#include "corpus/example_corpus.hpp"
#include "support/errors.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::ExampleCorpus;
using ::testing::HasSubstr;

class FoundFiles : public ::testing::Test {
 protected:
  FoundFiles() {
    fs::current_path(corpus_.dir.path());
    fs::create_directory("A");
    for (const char* name : {"A/x.wav", "A/y.wav", "z.wav"})
      testing::write_bytes(name, testing::ramp_wav(100));
  }
  ~FoundFiles() override { fs::current_path("/"); }

  static IndexRows rows_of(std::vector<std::string> ids) {
    IndexRows rows;
    for (const std::string& id : ids) rows.segments.push_back({id, 0, 1});
    return rows;
  }
  static std::vector<std::string> ids_of(const Corpus& corpus) {
    std::vector<std::string> ids;
    for (const FoundFile& file : corpus.found)
      ids.push_back(file.id + (file.stored ? " stored" : ""));
    return ids;
  }
  static std::vector<std::string> scope_of(const Corpus& corpus) {
    std::vector<std::string> ids;
    for (const StoredFile& file : corpus.stored)
      if (file.in_scope) ids.push_back(file.record.id);
    return ids;
  }
  static Corpus find(std::vector<std::string> arguments, const IndexRows& rows = {},
                     bool allow_empty = false) {
    CorpusInputs inputs;
    inputs.arguments = std::move(arguments);
    inputs.allow_empty = allow_empty;
    return find_corpus(inputs, rows, 1);
  }

  ExampleCorpus corpus_;
};

TEST_F(FoundFiles, EachOnce) {
  EXPECT_THAT(ids_of(find({"A", "./A", "A/x.wav", "z.wav"})),
              ElementsAre("A/x.wav", "A/y.wav", "z.wav"));
}

TEST_F(FoundFiles, OtherSpellingsAreTheSameFile) {
  const IndexRows rows = rows_of({"A/x.wav", "z.wav"});
  EXPECT_THAT(ids_of(find({"./A", "A/"}, rows)), ElementsAre("A/x.wav stored", "./A/y.wav"));
  EXPECT_THAT(scope_of(find({fs::absolute("A").native()}, rows)), ElementsAre("A/x.wav"));
}

TEST_F(FoundFiles, AListNamesWhatMayBeGone) {
  testing::write_bytes("list.txt", "A/x.wav\ngone.wav\n\nnever.wav\n");
  const Corpus corpus = find({"list.txt"}, rows_of({"A/x.wav", "gone.wav", "other.wav"}));
  EXPECT_THAT(ids_of(corpus), ElementsAre("A/x.wav stored"));
  EXPECT_THAT(scope_of(corpus), ElementsAre("A/x.wav", "gone.wav"));
  ASSERT_EQ(corpus.broken.size(), 1U);
  EXPECT_EQ(corpus.broken[0].id, "never.wav");
}

TEST_F(FoundFiles, AFolderThatIsEmptyMayNotBeMounted) {
  fs::create_directory("B");
  const IndexRows rows = rows_of({"A/x.wav", "B/x.wav", "C/x.wav"});
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"A", "B"}, {"B"}, {"C"}, {"A", "C"}, {"B/x.wav"}}) {
    EXPECT_THAT(testing::message_of(Fault::no_input, [&] { find(arguments, rows); }),
                HasSubstr("is it mounted?"))
        << arguments.back();
  }
  const Corpus corpus = find({"A", "B"}, rows, true);
  EXPECT_THAT(scope_of(corpus), ElementsAre("A/x.wav", "B/x.wav"));
  EXPECT_TRUE(corpus.broken.empty());
}

TEST_F(FoundFiles, ABrokenShardKeepsItsRows) {
  testing::write_bytes("s.tar", "no tar file");
  const Corpus corpus = find({"s.tar", "A"}, rows_of({"A/x.wav", "s.tar/a.wav"}));
  EXPECT_THAT(scope_of(corpus), ElementsAre("A/x.wav"));
  EXPECT_EQ(corpus.broken.size(), 1U);
}

}  // namespace
}  // namespace claptools
