# mgaclap_room(NAME [OF_PLUGIN] SOURCES file... [ROOMS room...] [LIBRARIES target...])
#
# One room of the library: a static library mgaclap_NAME. ROOMS are the rooms it may include
# (only earlier ones: data flows one way); LIBRARIES the third-party library it wraps, kept PRIVATE,
# so that no other room can include it. OF_PLUGIN: lies within the plug-in alone and is not installed.
function(mgaclap_room name)
  cmake_parse_arguments(ROOM "OF_PLUGIN" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
  add_library(mgaclap_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(mgaclap_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>)
  list(TRANSFORM ROOM_ROOMS PREPEND mgaclap_)
  list(TRANSFORM ROOM_LIBRARIES REPLACE "^nlohmann_json.*" "$<BUILD_INTERFACE:\\0>")  # headers alone
  target_link_libraries(mgaclap_${name} PUBLIC ${ROOM_ROOMS}
                        PRIVATE $<BUILD_INTERFACE:mgaclap_flags> ${ROOM_LIBRARIES})
  if(NOT ROOM_OF_PLUGIN)
    claptools_install_room(${name})
  endif()
endfunction()

# mgaclap_test(NAME SOURCES file... [ROOMS room...] [LIBRARIES target...] [LABEL label])
#
# A GoogleTest program tests_NAME, registered as one ctest test of that label (default unit).
function(mgaclap_test name)
  cmake_parse_arguments(TEST "" "LABEL" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
  if(NOT TEST_LABEL)
    set(TEST_LABEL unit)
  endif()
  list(TRANSFORM TEST_ROOMS PREPEND mgaclap_)
  add_executable(tests_${name} ${TEST_SOURCES})
  target_include_directories(tests_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(tests_${name} PRIVATE
    MGACLAP_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
    MGACLAP_EXAMPLES="${PROJECT_SOURCE_DIR}/examples"
    MGACLAP_SHARED="${MGACLAP_SHARED_DIR}")
  target_link_libraries(tests_${name} PRIVATE mgaclap_flags ${TEST_ROOMS} ${TEST_LIBRARIES}
                        GTest::gmock_main)
  add_test(NAME ${name} COMMAND tests_${name})
  set_tests_properties(${name} PROPERTIES LABELS ${TEST_LABEL} TIMEOUT 900)
endfunction()
