#pragma once

namespace claptools {

/// Keeps freed memory in the process from now on. The tensors of a pass come and go in megabytes:
/// giving them back to the system each time and taking them again costs 5 % in page faults.
void keep_freed_memory();

/// Also the tensors of a training step, which are larger than the C library would keep: 14 % of a
/// step's processor time.
void keep_all_freed_memory();

}  // namespace claptools
