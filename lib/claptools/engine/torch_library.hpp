#pragma once
// Internal to the room.

#include <dlfcn.h>

#include <string>

namespace claptools {

// LibTorch's MKL exports names that the system's BLAS has, too, cblas_sgemm_batch among them with
// other arguments: in a program that searches an index, LibTorch would call the wrong one and
// crash. So the plug-in and LibTorch look into their own libraries first, except under sanitizers,
// which refuse that.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kOpening = RTLD_NOW | RTLD_GLOBAL;
#else
inline constexpr int kOpening = RTLD_NOW | RTLD_GLOBAL | RTLD_DEEPBIND;
#endif

/// Where CLAP_ISA names fewer instructions than AVX-512, sets the variables by which ATen, oneDNN
/// and MKL are told to use no more, but for those that are set. Before LibTorch is opened.
void cap_torch();

/// Opens LibTorch where $CLAP_TORCH says: its folder, or the folder `lib` in it. Libraries that are
/// opened after it find it there before any other. Does nothing where the variable is empty.
/// @throws Error{unavailable} if there is none.
void open_torch_of_environment();

/// The message if the plug-in cannot be opened. @param reason as dlerror() gives it.
std::string explain_failure(const std::string& reason);

}  // namespace claptools
