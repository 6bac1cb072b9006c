#include "claptools/core/files/piped_command.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "claptools/core/files/input_stream.hpp"

namespace claptools {
namespace {

const std::atomic<bool> kGoesOn = false;

TEST(PipedCommand, IsReadAndWaitedFor) {
  PipedCommand command("printf 'a\\nb'; exec >&-; sleep 0.05");
  InputStream in(command.path());
  EXPECT_EQ(read_all(in), "a\nb");
  EXPECT_EQ(command.finish(kGoesOn), "");
}

TEST(PipedCommand, HasNothingToRead) {
  PipedCommand command("cat");
  EXPECT_EQ(command.finish(kGoesOn), "");
}

TEST(PipedCommand, TellsHowItFailed) {
  EXPECT_EQ(PipedCommand("exit 3").finish(kGoesOn), "exits with 3");
  EXPECT_EQ(PipedCommand("kill -9 $$").finish(kGoesOn), "is ended by signal 9");
  EXPECT_EQ(PipedCommand("cat /dev/zero | head -c 1000000; exit 4").finish(kGoesOn),
            "exits with 4");
}

TEST(PipedCommand, HasNotFailedWhereItIsEndedByUs) {
  EXPECT_EQ(PipedCommand("cat /dev/zero").finish(kGoesOn), "");
  EXPECT_EQ(PipedCommand("cat /dev/zero; exit $?").finish(kGoesOn), "");
}

TEST(PipedCommand, IsNotWaitedForOnceStopped) {
  const auto began = std::chrono::steady_clock::now();
  const std::atomic<bool> stop = true;
  PipedCommand("sleep 60").finish(stop);
  { const PipedCommand left("sleep 60"); }
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(30));
}

}  // namespace
}  // namespace claptools
