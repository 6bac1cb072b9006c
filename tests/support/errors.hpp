#pragma once

#include <gtest/gtest.h>

#include <string>

#include "claptools/core/error.hpp"

namespace claptools::testing {

/// What an action is refused with. The test fails if it is not refused, or with another fault.
template <class Action>
std::string message_of(Fault fault, const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), fault) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

}  // namespace claptools::testing
