# LibTorch without its own CMake package: that one asks for a CUDA toolkit when the wheel has CUDA.
# Only torch_cpu and c10 are linked; torch_cuda is loaded at run time where it is there.
# LocateTorch.cmake says where it is looked for. Nothing of the search is kept but what it took, so that a
# configure with another CMAKE_PREFIX_PATH takes another, and one that ninja starts takes the same.
include(${CMAKE_CURRENT_LIST_DIR}/LocateTorch.cmake)
locate_torch(LibTorch_FOLDER)
set(LibTorch_REMEMBERED "${LibTorch_FOLDER}" CACHE INTERNAL "The LibTorch of this build folder")
if(LibTorch_FOLDER)
  torch_version("${LibTorch_FOLDER}" LibTorch_VERSION)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch REQUIRED_VARS LibTorch_FOLDER VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE "Run scripts/setup, or give -DCMAKE_PREFIX_PATH=.../site-packages/torch")
if(LibTorch_FOUND AND NOT TARGET LibTorch::cpu)
  add_library(LibTorch::cpu INTERFACE IMPORTED)
  target_include_directories(LibTorch::cpu SYSTEM INTERFACE ${LibTorch_FOLDER}/include
    ${LibTorch_FOLDER}/include/torch/csrc/api/include)
  target_link_libraries(LibTorch::cpu INTERFACE ${LibTorch_FOLDER}/lib/libtorch_cpu.so ${LibTorch_FOLDER}/lib/libc10.so
    ${CMAKE_DL_LIBS})
  target_link_options(LibTorch::cpu INTERFACE "LINKER:-rpath-link,${LibTorch_FOLDER}/lib")
endif()
# With a CUDA wheel, for the plug-in of the CUDA part alone. The headers come with the wheel's nvidia packages, of which
# nvidia-cuda-crt is not one that it depends on, or with a toolkit.
if(LibTorch_FOUND)
  file(GLOB _nvidia ${LibTorch_FOLDER}/../nvidia/*/include)
  unset(LibTorch_CUDA_INCLUDE CACHE)
  find_path(LibTorch_CUDA_INCLUDE crt/host_config.h HINTS ${_nvidia} ENV CUDA_HOME PATH_SUFFIXES include
    PATHS /usr/local/cuda/include)
  mark_as_advanced(LibTorch_CUDA_INCLUDE)
  set(_torch_cuda ${LibTorch_FOLDER}/lib/libtorch_cuda.so ${LibTorch_FOLDER}/lib/libc10_cuda.so)
  if(EXISTS ${LibTorch_FOLDER}/lib/libtorch_cuda.so AND LibTorch_CUDA_INCLUDE AND NOT TARGET LibTorch::cuda)
    add_library(LibTorch::cuda INTERFACE IMPORTED)
    target_include_directories(LibTorch::cuda SYSTEM INTERFACE ${LibTorch_CUDA_INCLUDE})
    target_link_libraries(LibTorch::cuda INTERFACE LibTorch::cpu ${_torch_cuda})
    target_link_options(LibTorch::cuda INTERFACE "LINKER:--allow-shlib-undefined")  # their own libraries come by run path
  endif()
endif()
