# Linux on ARM64, cross-compiled with Debian's crossbuild-essential-arm64: preset arm64. CLAPTOOLS_ARM64 is the folder that
# scripts/arm64 fills: root/, Debian's libraries, and wheels/, LibTorch. Tests, and what a build runs, run under qemu-user.
set(CLAPTOOLS_ARM64 "${CMAKE_CURRENT_LIST_DIR}/../../.deps/arm64" CACHE PATH "What scripts/arm64 fetched")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CLAPTOOLS_ARM64)
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR "qemu-aarch64-static;-L;${CLAPTOOLS_ARM64}/root")

set(CMAKE_SYSROOT ${CLAPTOOLS_ARM64}/root)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
set(libraries ${CMAKE_SYSROOT}/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE})
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${libraries}/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig)

set(LibTorch_ROOT ${CLAPTOOLS_ARM64}/wheels/torch)
# A CUDA build of LibTorch needs two libraries of CUDA's, which lie where the linker does not look.
foreach(kind EXE SHARED MODULE)
  set(CMAKE_${kind}_LINKER_FLAGS_INIT "-Wl,-rpath-link,${CLAPTOOLS_ARM64}/wheels/nvidia/cu13/lib")
endforeach()
set(CLAPTOOLS_MPI OFF CACHE STRING "mpicc of this machine compiles for this machine")
set(CLAPTOOLS_PARQUET OFF CACHE STRING "pyarrow of this machine has libraries for this machine")
