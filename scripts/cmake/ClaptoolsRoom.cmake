# claptools_room(NAME [OF_PLUGIN] SOURCES file... [ROOMS room...] [LIBRARIES target...])
#
# One room of the library: a static library claptools_NAME. ROOMS are the rooms it may include
# (only earlier ones: data flows one way); LIBRARIES the third-party library it wraps, kept PRIVATE,
# so that no other room can include it. OF_PLUGIN: lies within the plug-in alone and is not installed.
function(claptools_room name)
  cmake_parse_arguments(ROOM "OF_PLUGIN" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
  add_library(claptools_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(claptools_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>)
  list(TRANSFORM ROOM_ROOMS PREPEND claptools_)
  list(TRANSFORM ROOM_LIBRARIES REPLACE "^nlohmann_json.*" "$<BUILD_INTERFACE:\\0>")  # headers alone
  target_link_libraries(claptools_${name} PUBLIC ${ROOM_ROOMS}
                        PRIVATE $<BUILD_INTERFACE:claptools_flags> ${ROOM_LIBRARIES})
  if(NOT ROOM_OF_PLUGIN)
    claptools_install_room(${name})
  endif()
endfunction()

# claptools_test(NAME SOURCES file... [ROOMS room...] [LIBRARIES target...] [LABEL label])
#
# A GoogleTest program tests_NAME, registered as one ctest test of that label (default unit).
function(claptools_test name)
  cmake_parse_arguments(TEST "" "LABEL" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
  if(NOT TEST_LABEL)
    set(TEST_LABEL unit)
  endif()
  list(TRANSFORM TEST_ROOMS PREPEND claptools_)
  add_executable(tests_${name} ${TEST_SOURCES})
  target_include_directories(tests_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(tests_${name} PRIVATE
    CLAPTOOLS_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
    CLAPTOOLS_EXAMPLES="${PROJECT_SOURCE_DIR}/examples"
    CLAPTOOLS_SHARED="${CLAPTOOLS_SHARED_DIR}")
  target_link_libraries(tests_${name} PRIVATE claptools_flags ${TEST_ROOMS} ${TEST_LIBRARIES}
                        GTest::gmock_main)
  # Half of what a test costs to compile: the headers of GoogleTest are read once, for the first of these programs, and the
  # optimiser does little. What is tested lies in the libraries, which are built as they are installed.
  if(TARGET tests_core AND NOT name STREQUAL core)
    target_precompile_headers(tests_${name} REUSE_FROM tests_core)
  else()
    target_precompile_headers(tests_${name} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  endif()
  target_compile_options(tests_${name} PRIVATE $<$<CONFIG:Release>:-O1>
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-array-bounds>)  # false alarms (GCC bug 105329)
  add_test(NAME ${name} COMMAND tests_${name})
  set_tests_properties(${name} PROPERTIES LABELS ${TEST_LABEL} TIMEOUT 900)
endfunction()
