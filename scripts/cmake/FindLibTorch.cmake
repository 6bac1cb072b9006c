# LibTorch without its own CMake package: that one asks for a CUDA toolkit when the wheel has CUDA.
# Only torch_cpu and c10 are linked; torch_cuda is loaded at run time where it is there.
#
# Looked for in this order: Torch_DIR / CMAKE_PREFIX_PATH, the torch of the python3 on the path, the
# private environment that scripts/setup makes in .deps/.
set(_torch_hints "")
if(Torch_DIR)
  get_filename_component(_root "${Torch_DIR}/../../.." ABSOLUTE)
  list(APPEND _torch_hints ${_root})
endif()
list(APPEND _torch_hints ${CMAKE_PREFIX_PATH})
foreach(_prefix ${CMAKE_PREFIX_PATH})
  get_filename_component(_root "${_prefix}/../.." ABSOLUTE)  # .../torch/share/cmake
  list(APPEND _torch_hints ${_root})
endforeach()
if(NOT LibTorch_ROOT)
  find_program(_python3 python3)
  if(_python3)
    execute_process(COMMAND ${_python3} -c
      "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')"
      OUTPUT_VARIABLE _python_torch OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(_python_torch)
      list(APPEND _torch_hints ${_python_torch})
    endif()
  endif()
  file(GLOB _private ${PROJECT_SOURCE_DIR}/.deps/venv/lib/python3*/site-packages/torch)
  list(APPEND _torch_hints ${_private})
endif()

find_path(LibTorch_ROOT include/ATen/ATen.h HINTS ${_torch_hints} NO_DEFAULT_PATH)
if(LibTorch_ROOT)
  find_library(LibTorch_CPU torch_cpu HINTS ${LibTorch_ROOT}/lib NO_DEFAULT_PATH)
  find_library(LibTorch_C10 c10 HINTS ${LibTorch_ROOT}/lib NO_DEFAULT_PATH)
  file(READ ${LibTorch_ROOT}/include/torch/headeronly/version.h _text)
  string(REGEX MATCH "TORCH_VERSION_MAJOR ([0-9]+).*TORCH_VERSION_MINOR ([0-9]+).*TORCH_VERSION_PATCH ([0-9]+)" _ "${_text}")
  set(LibTorch_VERSION ${CMAKE_MATCH_1}.${CMAKE_MATCH_2}.${CMAKE_MATCH_3})
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch REQUIRED_VARS LibTorch_CPU LibTorch_C10 LibTorch_ROOT
  VERSION_VAR LibTorch_VERSION REASON_FAILURE_MESSAGE
  "Run scripts/setup, or give -DCMAKE_PREFIX_PATH=.../site-packages/torch")
if(LibTorch_FOUND AND LibTorch_VERSION VERSION_LESS 2.11)
  message(FATAL_ERROR "LibTorch ${LibTorch_VERSION} at ${LibTorch_ROOT} is too old: 2.11 or newer is needed")
endif()
if(LibTorch_FOUND AND NOT TARGET LibTorch::cpu)
  add_library(LibTorch::cpu INTERFACE IMPORTED)
  target_include_directories(LibTorch::cpu SYSTEM INTERFACE ${LibTorch_ROOT}/include
    ${LibTorch_ROOT}/include/torch/csrc/api/include)
  target_link_libraries(LibTorch::cpu INTERFACE ${LibTorch_CPU} ${LibTorch_C10} ${CMAKE_DL_LIBS})
  target_link_options(LibTorch::cpu INTERFACE "LINKER:-rpath,${LibTorch_ROOT}/lib" "LINKER:-rpath-link,${LibTorch_ROOT}/lib")
endif()
# With a CUDA wheel, for the plug-in of the CUDA part alone. The headers come with the wheel's nvidia packages, of which
# nvidia-cuda-crt is not one that it depends on, or with a toolkit.
if(LibTorch_FOUND)
  find_library(LibTorch_CUDA torch_cuda HINTS ${LibTorch_ROOT}/lib NO_DEFAULT_PATH)
  find_library(LibTorch_C10_CUDA c10_cuda HINTS ${LibTorch_ROOT}/lib NO_DEFAULT_PATH)
  file(GLOB _nvidia ${LibTorch_ROOT}/../nvidia/*/include)
  find_path(LibTorch_CUDA_INCLUDE crt/host_config.h HINTS ${_nvidia} ENV CUDA_HOME PATH_SUFFIXES include
    PATHS /usr/local/cuda/include)
  if(LibTorch_CUDA AND LibTorch_CUDA_INCLUDE AND NOT TARGET LibTorch::cuda)
    add_library(LibTorch::cuda INTERFACE IMPORTED)
    target_include_directories(LibTorch::cuda SYSTEM INTERFACE ${LibTorch_CUDA_INCLUDE})
    target_link_libraries(LibTorch::cuda INTERFACE LibTorch::cpu ${LibTorch_CUDA} ${LibTorch_C10_CUDA})
    target_link_options(LibTorch::cuda INTERFACE "LINKER:--allow-shlib-undefined")  # their own libraries come by run path
  endif()
endif()
mark_as_advanced(LibTorch_CUDA LibTorch_C10_CUDA LibTorch_CUDA_INCLUDE LibTorch_CPU LibTorch_C10)
