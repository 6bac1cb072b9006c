# Arrow and Parquet for C++ out of Python's pyarrow wheel, which has headers and libraries in one folder; Debian has no package.
# Looked for in PyArrow_ROOT (a variable of CMake or of the environment), the pyarrow of the python3 on the path, and what
# scripts/setup --parquet fetched. PyArrow_FOLDER is what was found, PyArrow_ARROW and PyArrow_PARQUET the names of its libraries.
set(_arrow_folders "${PyArrow_ROOT}" "$ENV{PyArrow_ROOT}")
execute_process(COMMAND python3 -c
  "import importlib.util as u; s = u.find_spec('pyarrow'); print(s.submodule_search_locations[0] if s else '')"
  OUTPUT_VARIABLE _arrow_of_python OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE _arrow_ignored)
list(APPEND _arrow_folders ${_arrow_of_python} "${PROJECT_SOURCE_DIR}/.deps/pyarrow/pyarrow")
unset(PyArrow_FOLDER)
foreach(_arrow_folder ${_arrow_folders})
  file(GLOB _arrow RELATIVE ${_arrow_folder} "${_arrow_folder}/libarrow.so.*")
  file(GLOB _parquet RELATIVE ${_arrow_folder} "${_arrow_folder}/libparquet.so.*")
  if(_arrow AND _parquet AND EXISTS "${_arrow_folder}/include/parquet/arrow/writer.h")
    set(PyArrow_FOLDER "${_arrow_folder}")
    list(GET _arrow 0 PyArrow_ARROW)
    list(GET _parquet 0 PyArrow_PARQUET)
    break()
  endif()
endforeach()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PyArrow REQUIRED_VARS PyArrow_FOLDER
  REASON_FAILURE_MESSAGE "Run scripts/setup --parquet, or give -DPyArrow_ROOT=.../site-packages/pyarrow")
if(PyArrow_FOUND AND NOT TARGET PyArrow::parquet)
  add_library(PyArrow::parquet INTERFACE IMPORTED)
  target_include_directories(PyArrow::parquet SYSTEM INTERFACE ${PyArrow_FOLDER}/include)
  target_link_libraries(PyArrow::parquet INTERFACE ${PyArrow_FOLDER}/${PyArrow_PARQUET} ${PyArrow_FOLDER}/${PyArrow_ARROW})
endif()
