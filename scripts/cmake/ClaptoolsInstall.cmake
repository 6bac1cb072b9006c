# What `cmake --install` puts where. Programs find their plug-ins and their data relative to themselves (../lib/clap-tools,
# ../share/clap-tools), so that the tree can be moved. Components: Runtime, and Development for what links the library.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(CLAPTOOLS_PLUGIN_DIR lib/clap-tools)

# claptools_install_room(NAME): the static library of a room, and its headers but for those that are its own affair.
function(claptools_install_room name)
  set_target_properties(claptools_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(claptools_${name} PUBLIC cxx_std_20)
  target_include_directories(claptools_${name} PUBLIC $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  install(TARGETS claptools_${name} EXPORT claptools ARCHIVE COMPONENT Development)
  set_property(GLOBAL APPEND PROPERTY CLAPTOOLS_ROOMS ${name})
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS *.hpp)
  foreach(header ${headers})
    file(STRINGS ${header} internal REGEX "^// Internal to the room" LIMIT_COUNT 1)
    if(NOT internal)
      cmake_path(GET header PARENT_PATH folder)
      file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR}/lib ${folder})
      install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${folder} COMPONENT Development)
    endif()
  endforeach()
endfunction()

# claptools_plugin(TARGET): a plug-in, which looks for LibTorch beside itself, then where it was built with it.
function(claptools_plugin target)
  set(beside $ORIGIN $ORIGIN/libtorch/lib)
  set_target_properties(${target} PROPERTIES BUILD_RPATH "${beside}" INSTALL_RPATH "${beside};${LibTorch_FOLDER}/lib"
                        NO_SONAME ON)  # nobody links it
  install(TARGETS ${target} LIBRARY DESTINATION ${CLAPTOOLS_PLUGIN_DIR} COMPONENT Runtime)
endfunction()

function(claptools_install_data)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/share/ DESTINATION share/clap-tools COMPONENT Runtime)
  install(DIRECTORY ${PROJECT_BINARY_DIR}/share/clap-tools/model DESTINATION share/clap-tools COMPONENT Runtime OPTIONAL)
  foreach(section 1 5 7)
    file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/*.${section})
    install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT Runtime)
  endforeach()
  set(doc share/doc/clap-tools)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
          ${PROJECT_SOURCE_DIR}/scripts/package/copyright DESTINATION ${doc} COMPONENT Runtime)
  install(FILES ${PROJECT_SOURCE_DIR}/model/README.md ${PROJECT_SOURCE_DIR}/examples/demo/credits.tsv
          ${PROJECT_SOURCE_DIR}/examples/demo/sources.tsv DESTINATION ${doc}/model COMPONENT Runtime)
endfunction()

# What a program links, as a line of claptools.pc: a room before those that it includes, then what stands in no package.
function(claptools_pkg_config)
  get_property(rooms GLOBAL PROPERTY CLAPTOOLS_ROOMS)
  list(REVERSE rooms)
  list(TRANSFORM rooms PREPEND -lclaptools_)
  set(libraries ${rooms})
  set(CLAPTOOLS_REQUIRES "")
  if(CLAPTOOLS_TOOLS)
    list(APPEND libraries $<TARGET_FILE:${CLAPTOOLS_FAISS}> ${LAPACK_LIBRARIES} ${BLAS_LIBRARIES} ${OpenMP_CXX_FLAGS})
    list(JOIN LIBAV_MODULES " " CLAPTOOLS_REQUIRES)
    string(APPEND CLAPTOOLS_REQUIRES " ${HDF5_MODULE_NAME} libarchive expat libcrypto zlib")
  endif()
  list(APPEND libraries ${MPI_C_LIBRARIES} -pthread -l${CMAKE_DL_LIBS})
  list(REMOVE_DUPLICATES libraries)
  list(JOIN libraries " " CLAPTOOLS_LIBS)
  file(RELATIVE_PATH CLAPTOOLS_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  set(made ${PROJECT_BINARY_DIR}/claptools.pc)
  configure_file(${PROJECT_SOURCE_DIR}/scripts/package/claptools.pc.in ${made}.in @ONLY)
  file(GENERATE OUTPUT ${made} INPUT ${made}.in)
  install(FILES ${made} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT Development)
endfunction()

# find_package(claptools): the target claptools::claptools is all rooms, claptools::ROOM one with those below it.
function(claptools_export)
  get_property(rooms GLOBAL PROPERTY CLAPTOOLS_ROOMS)
  list(TRANSFORM rooms PREPEND claptools_)
  add_library(claptools INTERFACE)
  target_link_libraries(claptools INTERFACE ${rooms})
  set(folder ${CMAKE_INSTALL_LIBDIR}/cmake/claptools)
  install(TARGETS claptools EXPORT claptools)
  install(EXPORT claptools NAMESPACE claptools:: FILE claptools-targets.cmake DESTINATION ${folder} COMPONENT Development)
  set(made ${PROJECT_BINARY_DIR}/claptools-config)
  configure_package_config_file(${PROJECT_SOURCE_DIR}/scripts/package/claptools-config.cmake.in ${made}.cmake
    INSTALL_DESTINATION ${folder} PATH_VARS CLAPTOOLS_PLUGIN_DIR)
  write_basic_package_version_file(${made}-version.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${made}.cmake ${made}-version.cmake DESTINATION ${folder} COMPONENT Development)
  install(FILES ${PROJECT_BINARY_DIR}/generated/claptools/core/version.hpp
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/claptools/core COMPONENT Development)
endfunction()

function(claptools_install)
  if(CLAPTOOLS_TOOLS)
    claptools_install_data()
    include(ClaptoolsPackage)
  endif()
  claptools_export()
  claptools_pkg_config()
endfunction()
