#pragma once

#include <atomic>

namespace mgaclap::cmd {

/// From here on the first SIGINT, SIGTERM or SIGUSR1 (which batch systems send ahead) sets the
/// flag, so that the run can finish what is in hand; one a second or more later ends the process.
const std::atomic<bool>& handle_interrupts();

/// 130 after SIGINT, 143 after SIGTERM or SIGUSR1, 0 if there was none.
int interrupted_code();

}  // namespace mgaclap::cmd
