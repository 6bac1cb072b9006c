// Descriptions that end FAISS by a signal, or have it ask for all memory, never reach it.
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>

#include "claptools/core/error.hpp"
#include "index/random_vectors.hpp"

namespace claptools {
namespace {

constexpr std::size_t kDim = 8;

/// "64: REASON", or nothing.
std::string refusal(const std::string& description, std::size_t dim = kDim) {
  try {
    make_index(description, dim);
    return {};
  } catch (const Error& error) {
    return std::to_string(static_cast<int>(error.fault())) + ": " + error.reason();
  }
}

TEST(FactoryString, NumbersThatFaissCannotDoWith) {
  using ::testing::StartsWith;
  for (const char* text : {"HNSW0", "HNSW1", "HNSW00", "HNSW1,Flat", "HNSW1_SQ8", "IVF2_HNSW0,Flat",
                           "IVF2(HNSW0),Flat", "PCA4,HNSW0", "HNSW0,RFlat", "HNSW2147483647",
                           "HNSW99999999999999999999", "IVF2_HNSW100000,Flat"})
    EXPECT_THAT(refusal(text), StartsWith("64: the number of links of HNSW is ")) << text;
  for (const char* text : {"IVF0,Flat", "IVF0,PQ2", "IVF1048577,Flat", "IVF2M,Flat",
                           "IVF1000000000,SQ8", "IVF18446744073709551617,Flat", "IVF,Flat"})
    EXPECT_THAT(refusal(text), StartsWith("64: the number of lists ")) << text;
  for (const char* text : {"PQ0", "PQ16", "IVF4,PQ0", "HNSW8_PQ0", "PQ"})
    EXPECT_THAT(refusal(text), StartsWith("64: the number of parts of PQ ")) << text;
  for (const char* text : {"PQ3", "IVF4,PQ5", "PCA4,PQ8,RFlat", "OPQ3,Flat", "OPQ2_3,Flat"})
    EXPECT_THAT(refusal(text), StartsWith("64: the ")) << text;
  for (const char* text : {"PQ2x0", "PQ2x17", "IVF4,PQ2x64"})
    EXPECT_THAT(refusal(text), StartsWith("64: the number of bits of PQ is ")) << text;
  for (const char* text : {"PCA0,Flat", "PCA9,Flat", "RR0,Flat", "RR100000,Flat", "OPQ0,Flat",
                           "OPQ2_0,Flat", "OPQ2_1000000,Flat"})
    EXPECT_THAT(refusal(text), StartsWith("64: the ")) << text;
}

TEST(FactoryString, WhatIsNotUnderstood) {
  std::string nested = "Flat";
  for (int i = 0; i < 10; ++i) nested = "IVF1(" + nested + "),Flat";
  for (const std::string& text : {std::string(),
                                  std::string("Flatter"),
                                  std::string("IVF4(Index3),Flat"),
                                  std::string("IVF4()"),
                                  std::string("IVF4(Flat"),
                                  std::string("(Flat)"),
                                  std::string("HNSW8,"),
                                  std::string("Flat,"),
                                  std::string(",Flat"),
                                  std::string("NSG8"),
                                  std::string("LSH"),
                                  std::string("IMI2x8,Flat"),
                                  std::string("PQ4x4fs"),
                                  std::string("IDMap,Flat"),
                                  std::string("Flat\n"),
                                  std::string("Residual8,PQ4"),
                                  std::string("SQ4,Refine(HNSW4)"),
                                  std::string("Flat,Refine(Flat,RFlat)"),
                                  std::string("RCQ2x4"),
                                  nested,
                                  std::string(100000, '('),
                                  "Flat" + std::string(100000, 'x')})
    EXPECT_THAT(refusal(text), ::testing::StartsWith("64: ")) << text.substr(0, 100);
}

TEST(FactoryString, TakesWhatCanBeUsed) {
  for (const char* text : {"Flat",
                           "SQ4",
                           "SQ6",
                           "SQ8",
                           "SQfp16",
                           "PQ4",
                           "PQ2x4",
                           "PQ2x4np",
                           "HNSW",
                           "HNSW2",
                           "HNSW8",
                           "HNSW8,Flat",
                           "HNSW8_SQ8",
                           "IVF4,Flat",
                           "IVF4,SQ8",
                           "IVF4,SQfp16",
                           "IVF4,PQ4",
                           "IVF4,PQ2x4np",
                           "IVF4_HNSW8,Flat",
                           "IVF4(HNSW8),Flat",
                           "IVF4_HNSW,PQ2",
                           "PCA4,Flat",
                           "PCAR4,IVF4,PQ2",
                           "PCAW4,SQ8",
                           "OPQ2,IVF4,PQ2",
                           "OPQ2_4,PQ2",
                           "RR,Flat",
                           "RR6,Flat",
                           "L2norm,Flat",
                           "Flat,RFlat",
                           "IVF4,PQ2,RFlat",
                           "IVF4,SQ8,Refine(SQfp16)",
                           "PCA4,IVF4,Flat"})
    EXPECT_EQ(refusal(text), "") << text;
}

/// Strings of the factory's own grammar and of what lies beside it.
class RandomStrings {
 public:
  explicit RandomStrings(unsigned seed) : engine_(seed) {}

  std::string index(int depth) {
    std::string text;
    while (below(4) == 0)
      text += pick({"PCA", "PCAW", "PCAR", "RR", "OPQ", "OPQ2_", "L2norm", "ITQ", "Pad"}) +
              number() + ",";
    text += base(depth);
    if (below(6) == 0) text += ",RFlat";
    if (below(8) == 0 && depth < 3) text += ",Refine(" + index(depth + 1) + ")";
    if (below(12) == 0) text.erase(below(text.size()), 1 + below(2));
    if (below(12) == 0)
      text.insert(below(text.size()), pick({"(", ")", ",", "_", "x", "0", "Index0"}));
    return text;
  }

 private:
  std::size_t below(std::size_t end) { return end == 0 ? 0 : engine_() % end; }
  std::string pick(const std::vector<std::string>& words) { return words[below(words.size())]; }
  std::string number() {
    return pick({"", "0", "1", "2", "2", "3", "4", "4", "5", "8", "8", "16", "00", "65536",
                 "4294967296", "99999999999999999999"});
  }
  std::string codes() {
    return pick({"Flat", "SQ8", "SQ4", "SQfp16", "SQ8_direct", "PQ" + number(),
                 "PQ" + number() + "x" + number(), "PQ" + number() + "np", "PQ" + number() + "x4fs",
                 "RQ2x4", "PQ2+4", "LSQ" + number() + "x" + number()});
  }
  std::string base(int depth) {
    switch (below(5)) {
      case 0:
        return "HNSW" + number() + pick({"", ",", "_"}) + pick({"", codes()});
      case 1:
        return "IVF" + number() + pick({"", "_HNSW" + number(), "k", "_NSG" + number()}) + "," +
               codes();
      case 2:
        return depth < 3 ? "IVF" + number() + "(" + index(depth + 1) + ")," + codes() : codes();
      case 3:
        return pick({"NSG" + number(), "LSH" + number(), "IMI2x" + number() + ",Flat", "IDMap,Flat",
                     "ZnLattice" + number() + "x" + number() + "_" + number(),
                     "Residual" + number() + ",PQ" + number(), "RCQ2x" + number(), "2x4+PQ2"});
      default:
        return codes();
    }
  }

  std::mt19937 engine_;
};

/// @return whether it could be made.
bool use(const std::string& description, const Matrix& rows) {
  std::unique_ptr<Index> index;
  try {
    index = make_index(description, kDim);
    index->set_threads(1);
    if (!index->is_trained()) index->train(rows);
    index->add(rows);
    index->search(rows.view().slice(0, 3), 5);
  } catch (const Error&) {  // such as too few rows to learn from
  }
  return index != nullptr;
}

/// The same strings each time, in a child, which a crash or 8 GiB of memory would end.
TEST(FactoryString, NoneEndsTheProcess) {
  constexpr std::size_t kBytes = 4096;
  constexpr int kStrings = 2000;
  const char* const seed = std::getenv("FACTORY_SEED");  // for more than the usual ones
  auto* last = static_cast<char*>(
      mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(last, MAP_FAILED);
  const Matrix rows = testing::unit_rows(300, kDim, 7);
  const pid_t child = fork();
  if (child == 0) {
    const rlimit memory{std::size_t{8} << 30, std::size_t{8} << 30};
    setrlimit(RLIMIT_AS, &memory);
    RandomStrings strings(seed ? static_cast<unsigned>(std::atol(seed)) : 1U);
    int made = 0;
    for (int i = 0; i < kStrings; ++i) {
      const std::string text = strings.index(0);
      std::strncpy(last, text.c_str(), kBytes - 1);
      made += use(text, rows);
    }
    _exit(made > kStrings / 20 ? 0 : 1);  // what is never made is never tried
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status) << " at " << last;
  EXPECT_EQ(WEXITSTATUS(status), 0) << last;
  munmap(last, kBytes);
}

}  // namespace
}  // namespace claptools
