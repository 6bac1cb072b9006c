#include "claptools/runs/verify_apart.hpp"

#include <gmock/gmock.h>

#include "claptools/store/embedding_file.hpp"
#include "store/example_rows.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class VerifyApart : public ::testing::Test {
 protected:
  VerifyApart() {
    testing::ExampleRows rows(40, 64);
    EmbeddingWriter writer(file_, testing::ExampleRows::header(64), false);
    writer.append(rows.all());
    writer.commit();
    bytes_ = testing::read_bytes(file_);
  }

  testing::TempDir dir_;
  std::string file_ = dir_ / "a.h5", bytes_;
};

TEST_F(VerifyApart, AWholeFileIsAsItWasWritten) {
  const Verdict verdict = verify_apart(file_);
  EXPECT_FALSE(verdict.fault);
  EXPECT_THAT(verdict.problems, IsEmpty());
}

TEST_F(VerifyApart, SaysWhichPartIsDamaged) {
  testing::ExampleRows rows(40, 64);
  const auto* const values = reinterpret_cast<const char*>(rows.embeddings.row(7).data());
  const std::size_t at = bytes_.find(std::string_view(values, 16));
  ASSERT_NE(at, std::string::npos);
  bytes_[at] = static_cast<char>(bytes_[at] ^ 1);
  testing::write_bytes(file_, bytes_);
  const Verdict verdict = verify_apart(file_);
  EXPECT_EQ(verdict.fault, Fault::data);
  EXPECT_THAT(verdict.problems,
              ElementsAre(::testing::AllOf(StartsWith(file_ + ": "), HasSubstr("embeddings"))));
}

TEST_F(VerifyApart, SaysWhatIsNoSuchFile) {
  const Verdict missing = verify_apart(dir_ / "nowhere.h5");
  EXPECT_EQ(missing.fault, Fault::no_input);
  EXPECT_THAT(missing.problems, ElementsAre(HasSubstr("nowhere.h5: ")));
  testing::write_bytes(file_, "text");
  EXPECT_EQ(verify_apart(file_).fault, Fault::data);
}

TEST_F(VerifyApart, SurvivesEveryCutFile) {
  for (std::size_t size = 0; size < bytes_.size(); size += bytes_.size() / 37 + 1) {
    testing::write_bytes(file_, std::string_view(bytes_).substr(0, size));
    const Verdict verdict = verify_apart(file_);
    EXPECT_EQ(verdict.fault, Fault::data) << size;
    EXPECT_FALSE(verdict.problems.empty()) << size;
  }
}

}  // namespace
}  // namespace claptools
