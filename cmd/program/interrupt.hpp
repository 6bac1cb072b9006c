#pragma once

#include <atomic>

namespace claptools::cmd {

/// From here on the first SIGINT, SIGTERM or SIGUSR1 (which batch systems send ahead) sets the
/// flag, so that the run can finish what is in hand; one a second or more later ends the process.
const std::atomic<bool>& handle_interrupts();

/// From here on a signal that ends the process (SIGINT, SIGTERM, SIGHUP) first removes the files
/// that it was writing under hidden names; so does a crash. One by a mapped file that somebody cut
/// off (SIGBUS) ends it in words, with 74; one within HDF5, on a damaged file, with 65. A library's
/// exit() becomes 69. Handlers of handle_interrupts() come in the place of the first.
/// @param tool its name, which outlives the process.
void clean_up_on_signals(const char* tool);

/// 130 after SIGINT, 143 after SIGTERM or SIGUSR1, 0 if there was none.
int interrupted_code();

}  // namespace claptools::cmd
