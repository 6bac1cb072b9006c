#include "claptools/core/processors.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

/// What is made of a CLAP_ISA; afterwards it is what it was.
std::optional<Instructions> read(const char* word) {
  const char* const before = std::getenv("CLAP_ISA");
  const std::optional<std::string> kept =
      before ? std::optional<std::string>(before) : std::nullopt;
  const auto restore = [&] {
    kept ? ::setenv("CLAP_ISA", kept->c_str(), 1) : ::unsetenv("CLAP_ISA");
  };
  ::setenv("CLAP_ISA", word, 1);
  try {
    const auto named = named_instructions();
    restore();
    return named;
  } catch (...) {
    restore();
    throw;
  }
}

[[gnu::always_inline]] inline int least(const int& x) { return x + 1; }
[[gnu::always_inline]] inline int narrow(const int& x) { return x + 2; }
[[gnu::always_inline]] inline int wide(const int& x) { return x + 3; }

TEST(Processors, ReadsTheVariable) {
  EXPECT_EQ(read("baseline"), Instructions::baseline);
  EXPECT_EQ(read(""), std::nullopt);
}

TEST(Processors, RefusesAnotherWord) {
  for (const char* const word : {"avx", "AVX2", "avx2 ", "512"}) {
    try {
      read(word);
      ADD_FAILURE() << word;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::usage);
      EXPECT_EQ(error.subject(), "CLAP_ISA");
    }
  }
}

TEST(Processors, RefusesWhatIsNotThere) {
  if (usable_instructions() == Instructions::avx512) GTEST_SKIP() << "this processor has all";
  if (std::getenv("CLAP_ISA")) GTEST_SKIP() << "the processor may have more than is used";
  try {
    read("avx512");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::unavailable);
  }
}

TEST(Processors, ChoosesTheFunction) {
  const auto chosen = ForProcessors<least, narrow, wide>::choose();
  EXPECT_EQ(chosen(1), 2 + static_cast<int>(usable_instructions()));
}

TEST(Processors, ObeysTheVariable) {
  const char* const word = std::getenv("CLAP_ISA");
  if (!word) GTEST_SKIP() << "run with CLAP_ISA by isa_*";
  EXPECT_EQ(usable_instructions(), read(word));
}

}  // namespace
}  // namespace claptools
