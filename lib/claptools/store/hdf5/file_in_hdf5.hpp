#pragma once

namespace claptools {

/// The file that HDF5 is reading for us in this thread, fit for printing; null if there is none.
/// For a handler of SIGSEGV and the like, which HDF5 runs into on damaged structures before there
/// is anything that we could check: calls only what a handler may call.
const char* file_in_hdf5() noexcept;

}  // namespace claptools
