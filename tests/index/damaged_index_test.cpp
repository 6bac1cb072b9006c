// FAISS trusts its files; nothing damaged may reach it.
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <span>

#include "claptools/core/error.hpp"
#include "claptools/index/index.hpp"
#include "index/random_vectors.hpp"

namespace claptools {
namespace {

class DamagedIndex : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const Matrix vectors = testing::unit_rows(300, 8, 1);
    const auto index = make_index(GetParam(), 8);
    if (!index->is_trained()) index->train(vectors);
    index->add(vectors.view().slice(0, 60));
    index->save(path);
    std::ifstream in(path, std::ios::binary);
    whole.assign(std::istreambuf_iterator<char>(in), {});
  }

  /// Whether it loads; if so, it must also survive a search.
  bool loads(const std::string& bytes) const {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    const bool loaded = survives([&] { return load_index(path); });
    survives([&] { return open_index(path); });
    return loaded;
  }

  template <typename Open>
  static bool survives(const Open& open) {
    try {
      const auto index = open();
      index->set_threads(1);  // thousands of tiny searches: waking threads would take longest
      index->search(testing::unit_rows(3, index->dim(), 2), 5);
      return true;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::data) << e.what();
      return false;
    }
  }

  testing::TempFolder folder;
  std::filesystem::path path = folder / "vectors.faiss";
  std::string whole;
};

TEST_P(DamagedIndex, CutOffAnywhere) {
  EXPECT_TRUE(loads(whole));
  for (std::size_t size = 0; size < whole.size(); size += size < 256 ? 1 : 64) {
    EXPECT_FALSE(loads(whole.substr(0, size))) << size;
  }
  EXPECT_FALSE(loads(whole.substr(0, whole.size() - 1)));
  EXPECT_FALSE(loads(whole + '\0'));
}

/// A changed byte is either refused or harmless (a coordinate).
TEST_P(DamagedIndex, AnyByteChanged) {
  for (std::size_t i = 0; i < whole.size(); i += i < 512 ? 1 : 13) {
    for (const char flip : {'\x01', '\x80', '\xFF'}) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      loads(bytes);
    }
  }
}

/// Any aligned or unaligned count blown up, as a forged file would have it.
TEST_P(DamagedIndex, AnyCountHuge) {
  for (std::size_t i = 0; i + 8 <= whole.size(); i += i < 512 ? 1 : 29) {
    for (const std::uint64_t count :
         {std::uint64_t{1} << 39, std::uint64_t{1} << 33, ~std::uint64_t{0}}) {
      std::string bytes = whole;
      std::memcpy(&bytes[i], &count, sizeof count);
      loads(bytes);
    }
  }
}

/// With checksums no change passes, wherever it is: the index is not opened, or its first search
/// fails.
TEST_P(DamagedIndex, ChecksumsFindAnyByteChanged) {
  const BlockChecksums sums = block_checksums(std::as_bytes(std::span(whole)));
  for (std::size_t i = 0; i < whole.size(); i += 1 + whole.size() / 160) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ '\x10');
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    EXPECT_FALSE(survives([&] { return load_index(path, sums); })) << i;
    EXPECT_FALSE(survives([&] { return open_index(path, sums); })) << i;
  }
  std::ofstream(path, std::ios::binary | std::ios::trunc) << whole;
  EXPECT_TRUE(survives([&] { return open_index(path, sums); }));
}

INSTANTIATE_TEST_SUITE_P(Kinds, DamagedIndex,
                         ::testing::Values("Flat", "SQfp16", "SQ8", "PQ4x4", "HNSW4", "HNSW4_SQ8",
                                           "IVF4,Flat", "IVF40,SQ8", "IVF4,PQ4x4",
                                           "IVF4_HNSW4,Flat", "PCA4,Flat", "RR4,PQ4x4",
                                           "L2norm,Flat", "SQ8,RFlat"));

TEST(ForeignFile, IsNotAnIndex) {
  const testing::TempFolder folder;
  const auto message = [&](const std::string& bytes) -> std::string {
    std::ofstream(folder / "x", std::ios::binary) << bytes;
    try {
      load_index(folder / "x");
    } catch (const Error& e) {
      return e.reason();
    }
    return "no error";
  };
  EXPECT_EQ(message(""), "damaged FAISS index: cut off");
  EXPECT_EQ(message("\x89HDF\r\n\x1a\n"), "not a FAISS index of a supported type");
  std::string unsupported = "IBxF";
  unsupported.resize(104);
  EXPECT_EQ(message(unsupported), "not a FAISS index of a supported type");
  EXPECT_THROW(load_index(folder.path()), Error);
}

}  // namespace
}  // namespace claptools
