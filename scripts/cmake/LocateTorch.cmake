# Where LibTorch is looked for: the one place that says so, for CMake and for scripts/lib.sh.
#
# locate_torch(RESULT) sets RESULT to the first folder with a LibTorch of LIBTORCH_OLDEST or newer, or to "" :
#   1. LibTorch_ROOT, a variable of CMake or of the environment; taken or refused, never passed over
#   2. Torch_DIR and the folders of CMAKE_PREFIX_PATH, each a variable of CMake, then of the environment;
#      a folder may be .../torch or .../torch/share/cmake
#   3. LibTorch_REMEMBERED: what an earlier configure of this build folder took
#   4. the torch of the python3 on the path
#   5. the private environment that scripts/setup makes in .deps/, once it is whole
# An older one is passed over with a line. As a script (cmake -P) it prints the folder, or an empty line.
set(LIBTORCH_OLDEST 2.11)
get_filename_component(_torch_source "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)

# torch_version(FOLDER RESULT): "" where there is no LibTorch, 0 before 2.8, where the version lay elsewhere.
function(torch_version folder result)
  set(version "")
  if(EXISTS "${folder}/include/ATen/ATen.h" AND EXISTS "${folder}/lib/libtorch_cpu.so")
    set(version 0)
    set(header "${folder}/include/torch/headeronly/version.h")
    if(EXISTS "${header}")
      file(READ "${header}" text)
      string(REGEX MATCH "VERSION_MAJOR ([0-9]+).*VERSION_MINOR ([0-9]+).*VERSION_PATCH ([0-9]+)" _ "${text}")
      set(version "${CMAKE_MATCH_1}.${CMAKE_MATCH_2}.${CMAKE_MATCH_3}")
    endif()
  endif()
  set(${result} "${version}" PARENT_SCOPE)
endfunction()

function(torch_candidates result)
  set(folders "")
  foreach(folder "${Torch_DIR}" "$ENV{Torch_DIR}")
    if(folder)
      list(APPEND folders "${folder}/../../..")
    endif()
  endforeach()
  string(REPLACE ":" ";" prefixes "$ENV{CMAKE_PREFIX_PATH}")
  foreach(prefix ${CMAKE_PREFIX_PATH} ${prefixes})
    list(APPEND folders "${prefix}" "${prefix}/../..")
  endforeach()
  list(APPEND folders ${LibTorch_REMEMBERED})
  execute_process(COMMAND python3 -c
    "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')"
    OUTPUT_VARIABLE of_python OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE ignored)
  list(APPEND folders ${of_python})
  file(GLOB whole "${_torch_source}/.deps/venv/torch-*.done")
  if(whole)
    file(GLOB private "${_torch_source}/.deps/venv/lib/python3*/site-packages/torch")
    list(APPEND folders ${private})
  endif()
  set(${result} "${folders}" PARENT_SCOPE)
endfunction()

function(locate_torch result)
  set(${result} "" PARENT_SCOPE)
  foreach(root "${LibTorch_ROOT}" "$ENV{LibTorch_ROOT}")
    if(root)
      torch_version("${root}" version)
      if(NOT version OR version VERSION_LESS LIBTORCH_OLDEST)
        message(FATAL_ERROR "LibTorch_ROOT=${root} is no LibTorch of ${LIBTORCH_OLDEST} or newer")
      endif()
      set(${result} "${root}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  torch_candidates(folders)
  foreach(folder ${folders})
    get_filename_component(folder "${folder}" ABSOLUTE)
    torch_version("${folder}" version)
    if(version STREQUAL "")
      continue()
    endif()
    if(NOT version VERSION_LESS LIBTORCH_OLDEST)
      set(${result} "${folder}" PARENT_SCOPE)
      return()
    endif()
    message(NOTICE "passing over ${folder}: LibTorch ${LIBTORCH_OLDEST} or newer is needed")
  endforeach()
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  locate_torch(_torch_found)
  execute_process(COMMAND ${CMAKE_COMMAND} -E echo "${_torch_found}")
endif()
