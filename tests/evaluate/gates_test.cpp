#include "claptools/evaluate/gates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

const MetricValues kValues{{"top1", "", 0.4}, {"top1", "dog", 0.9}, {"mauc", "", kNaN}};

auto is_gate(const std::string& rule, bool passed, const std::string& verdict) {
  return AllOf(Field(&Gate::rule, rule), Field(&Gate::passed, passed),
               Field(&Gate::verdict, verdict));
}

Gate only(const GateOptions& options) {
  const auto gates = judge(options, kValues, {});
  EXPECT_EQ(gates.size(), 1U);
  return gates.at(0);
}

Gate minimum(const std::string& metric, double least) {
  return only({.minimums = {{metric, least}}});
}

Gate drop(double most, double before) {
  return only({.max_drops = {{"top1", most}}, .baseline = {"old.json", {{"top1", before}}}});
}

/// The Error that judging ends with.
Error refusal(const GateOptions& options) {
  try {
    judge(options, kValues, {});
  } catch (const Error& error) {
    return error;
  }
  return {Fault::internal, "none", "judged"};
}

TEST(Gates, NothingAskedForAndNothingMissingIsNoGate) {
  EXPECT_THAT(judge({}, kValues, {}), IsEmpty());
}

TEST(Gates, AMinimumMayBeReached) {
  EXPECT_THAT(minimum("top1", 0.4),
              is_gate("top1 >= 0.4", true, "top1: 0.4 is not below the minimum of 0.4"));
  EXPECT_THAT(minimum("top1", 0.5),
              is_gate("top1 >= 0.5", false, "top1: 0.4 is below the minimum of 0.5"));
}

TEST(Gates, WhatIsNotDefinedPassesNothing) {
  EXPECT_THAT(minimum("mauc", -kInfinity),
              is_gate("mauc >= -inf", false, "mauc: nan is below the minimum of -inf"));
}

TEST(Gates, ADropIsMeasuredFromTheBaseline) {
  EXPECT_THAT(drop(0.1, 0.45),
              is_gate("top1 >= 0.45 - 0.1 (old.json)", true,
                      "top1: 0.4 is not more than 0.1 below the 0.45 of old.json"));
  EXPECT_THAT(drop(0.01, 0.45), is_gate("top1 >= 0.45 - 0.01 (old.json)", false,
                                        "top1: 0.4 is more than 0.01 below the 0.45 of old.json"));
}

TEST(Gates, ADropForgivesWhatAnotherMachineRounds) {
  EXPECT_TRUE(drop(0, 0.4 + 1e-10).passed);
  EXPECT_FALSE(drop(0, 0.4 + 1e-8).passed);
  EXPECT_FALSE(drop(0, kInfinity).passed);
}

TEST(Gates, MissingClipsAreAGateOfTheirOwn) {
  const std::vector<std::string> missing{"a.wav", "b.wav"};
  EXPECT_THAT(judge({}, kValues, missing),
              ElementsAre(is_gate("n_missing <= 0", false,
                                  "n_missing: 2 is above the maximum of 0; without scores: 'a.wav' "
                                  "and others")));
  EXPECT_THAT(judge({.minimums = {{"top1", 0.1}}, .max_missing = 2}, kValues, missing),
              ElementsAre(is_gate("n_missing <= 2", true,
                                  "n_missing: 2 is not above the maximum of 2; without scores: "
                                  "'a.wav' and others"),
                          Field(&Gate::rule, "top1 >= 0.1")));
  EXPECT_THAT(
      judge({.max_missing = 0}, kValues, {}),
      ElementsAre(is_gate("n_missing <= 0", true, "n_missing: 0 is not above the maximum of 0")));
}

TEST(Gates, TotalsThatAreNotThereAreNamed) {
  const Error no_total = refusal({.minimums = {{"top2", 0}}});
  EXPECT_EQ(no_total.fault(), Fault::usage);
  EXPECT_STREQ(no_total.what(), "`minimums`: there is no metric 'top2'");
  EXPECT_STREQ(refusal({.max_drops = {{"top2", 0}}, .baseline = {"old", {{"top2", 1}}}}).what(),
               "`max_drops`: there is no metric 'top2'");
}

TEST(Gates, ABaselineMustDefineWhatIsComparedWithIt) {
  GateOptions options{.max_drops = {{"top1", 0}}, .baseline = {"old.json", {{"top5", 1}}}};
  EXPECT_EQ(refusal(options).fault(), Fault::data);
  EXPECT_STREQ(refusal(options).what(), "old.json: has no total 'top1' that is defined");
  EXPECT_THROW(check_baseline(options), Error);
  options.baseline.totals["top1"] = kNaN;
  EXPECT_THROW(check_baseline(options), Error);
  options.baseline.totals["top1"] = -kInfinity;
  EXPECT_NO_THROW(check_baseline(options));
}

}  // namespace
}  // namespace claptools
