# End-to-end tests of clap-embed and clap-model, and of the pipelines that begin with them.
foreach(program h5_check make_wav edit_weights compare_weights)
  add_executable(${program} ${program}.cpp)
  target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
endforeach()
target_link_libraries(h5_check PRIVATE claptools_flags claptools_store PkgConfig::HDF5)
target_link_libraries(make_wav PRIVATE claptools_flags claptools_audio)
target_compile_definitions(make_wav PRIVATE CLAPTOOLS_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
target_link_libraries(edit_weights PRIVATE claptools_flags claptools_families)
target_link_libraries(compare_weights PRIVATE claptools_flags claptools_families)

# Preloaded, to make a call of the system fail, or the power.
foreach(library fail_nth power_loss)
  add_library(${library} MODULE ${library}.cpp)
  set_target_properties(${library} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
  target_link_libraries(${library} PRIVATE ${CMAKE_DL_LIBS})
endforeach()

# Preloaded, to make reading a file fail.
add_library(fail_read MODULE fail_read.cpp)
set_target_properties(fail_read PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
target_link_libraries(fail_read PRIVATE ${CMAKE_DL_LIBS})

foreach(script faults_audio embed_audio embed_text embed_consistency embed_corpus embed_faults embed_inputs embed_report embed_reproducible embed_resume embed_shards embed_stops lost_writes model_files model_refused demo_model bad_input faults_lists faults_shards faults_manifests pipelines
               recipes_all recipes_clips recipes_retrieval recipes_events)
  add_test(NAME ${script} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/${script}.sh
           ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} ${PROJECT_SOURCE_DIR} ${CLAPTOOLS_SHARED_DIR})
  set_tests_properties(${script} PROPERTIES LABELS cmd TIMEOUT 600)
endforeach()
set_tests_properties(demo_model PROPERTIES SKIP_RETURN_CODE 77)

# claptools_storm(NAME SCRIPT VARIABLE=NUMBER...): the same, too long for every run.
function(claptools_storm name script)
  add_test(NAME ${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/${script}.sh
           ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} ${PROJECT_SOURCE_DIR} ${CLAPTOOLS_SHARED_DIR})
  set_tests_properties(${name} PROPERTIES LABELS slow TIMEOUT 7200 ENVIRONMENT "${ARGN}")
endfunction()

claptools_storm(embed_storm_kills embed_resume KILLS=200 CHANGES=1)
claptools_storm(update_storm_kills update_kills KILLS=100)
claptools_storm(embed_storm_changes embed_resume KILLS=1 CHANGES=50)
claptools_storm(embed_storm_faults embed_faults FAULTS=200)
claptools_storm(embed_storm_corpus embed_corpus FILES=2000 NAMES=1000)
claptools_storm(embed_storm_flips embed_shards FLIPS=2000)
claptools_storm(embed_memory embed_memory)
