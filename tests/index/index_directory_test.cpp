#include "claptools/index/index_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "claptools/core/error.hpp"
#include "index/random_vectors.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

IndexRows rows_for(std::size_t count, std::size_t dim) {
  IndexRows rows;
  rows.header.dim = dim;
  rows.header.model_name = "mga-clap";
  rows.header.model_sha256 = std::string(64, 'a');
  rows.header.sample_rate = 32000;
  rows.header.window_s = rows.header.hop_s = 10;
  rows.header.short_audio = "zero";
  rows.header.meta_columns = {"label"};
  rows.meta.resize(1);
  for (std::size_t i = 0; i < count; ++i) {
    rows.segments.push_back({"clip " + std::to_string(i) + ".wav", 0, 10});
    rows.meta[0].push_back("label " + std::to_string(i));
  }
  return rows;
}

class IndexDirectoryTest : public ::testing::Test {
 protected:
  void write(std::size_t count, bool overwrite = false) const {
    const auto index = make_index("Flat", 8);
    index->add(testing::unit_rows(count, 8, 1));
    write_index_directory(path, *index, rows_for(count, 8), overwrite);
  }

  /// The fault of an Error, or `internal` for none.
  template <typename Work>
  static Fault fault(const Work& work) {
    try {
      work();
    } catch (const Error& e) {
      return e.fault();
    }
    return Fault::internal;
  }

  /// What lies in the folder, hidden files too.
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
      found.push_back(entry.path().filename().string());
    }
    return found;
  }

  testing::TempFolder folder;
  fs::path path = folder / "corpus.clapindex";
};

using Names = std::vector<std::string>;

TEST_F(IndexDirectoryTest, ComesBack) {
  write(5);
  EXPECT_EQ(names(), Names{"corpus.clapindex"});
  const IndexDirectory back = read_index_directory(path);
  const IndexRows rows = rows_for(5, 8);
  EXPECT_EQ(back.index->size(), 5u);
  EXPECT_EQ(back.rows.segments, rows.segments);
  EXPECT_EQ(back.rows.meta, rows.meta);
  EXPECT_EQ(back.rows.header.model_sha256, rows.header.model_sha256);
}

TEST_F(IndexDirectoryTest, ReplacesOnlyWhenAsked) {
  write(5);
  EXPECT_EQ(fault([&] { write(7); }), Fault::cannot_create);
  EXPECT_EQ(read_index_directory(path).index->size(), 5u);
  write(7, true);
  EXPECT_EQ(read_index_directory(path).index->size(), 7u);
  path += "/";
  write(3, true);
  EXPECT_EQ(read_index_directory(path).index->size(), 3u);
  EXPECT_EQ(names(), Names{"corpus.clapindex"});
}

TEST_F(IndexDirectoryTest, NeverReplacesAnythingElse) {
  fs::create_directory(path);
  std::ofstream(path / "thesis.txt") << "x";
  EXPECT_EQ(fault([&] { write(5, true); }), Fault::cannot_create);
  EXPECT_TRUE(fs::exists(path / "thesis.txt"));
  path = folder / "file";
  std::ofstream(path) << "x";
  EXPECT_EQ(fault([&] { write(5, true); }), Fault::cannot_create);
  EXPECT_EQ(fs::file_size(path), 1u);
  EXPECT_EQ(names().size(), 2u);
}

TEST_F(IndexDirectoryTest, LeavesNothingWhenItFails) {
  const auto index = make_index("Flat", 8);
  EXPECT_EQ(fault([&] { write_index_directory(path / "x", *index, rows_for(0, 8), false); }),
            Fault::cannot_create);
  EXPECT_THROW(write_index_directory(path, *index, rows_for(1, 8), false), Error);
  EXPECT_TRUE(names().empty());
}

TEST_F(IndexDirectoryTest, PartsMustFit) {
  EXPECT_EQ(fault([&] { read_index_directory(path); }), Fault::no_input);
  write(5);
  make_index("Flat", 8)->save(path / "vectors.faiss");
  EXPECT_EQ(fault([&] { read_index_directory(path); }), Fault::data);
  const auto wide = make_index("Flat", 9);
  wide->add(Matrix(5, 9));
  wide->save(path / "vectors.faiss");
  EXPECT_EQ(fault([&] { read_index_directory(path); }), Fault::data);
  fs::remove(path / "vectors.faiss");
  EXPECT_EQ(fault([&] { read_index_directory(path); }), Fault::no_input);
}

/// Any byte of either file changed, or either file cut: refused before HDF5 or FAISS sees it.
TEST_F(IndexDirectoryTest, DamageIsFound) {
  write(50);
  for (const char* name : {"vectors.faiss", "rows.h5"}) {
    const fs::path file = path / name;
    std::ifstream in(file, std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(in), {}};
    const auto refused = [&](const std::string& bytes) {
      std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
      return fault([&] { read_index_directory(path); }) == Fault::data &&
             fault([&] { open_index_directory(path); }) == Fault::data;
    };
    for (std::size_t i = 0; i < whole.size(); i += 1 + whole.size() / 1000) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << i % 8));
      EXPECT_TRUE(refused(bytes)) << name << " " << i;
    }
    for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 100) {
      EXPECT_TRUE(refused(whole.substr(0, size))) << name << " " << size;
    }
    EXPECT_FALSE(refused(whole));
  }
}

/// Vectors of one index beside the rows of another.
TEST_F(IndexDirectoryTest, PartsOfTwoAreRefused) {
  write(50);
  const auto other = make_index("Flat", 8);
  other->add(testing::unit_rows(50, 8, 2));
  other->save(path / "vectors.faiss");
  EXPECT_EQ(fault([&] { open_index_directory(path); }), Fault::data);
}

}  // namespace
}  // namespace claptools
