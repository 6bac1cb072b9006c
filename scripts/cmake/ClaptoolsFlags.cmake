# Flags live in one interface target, so that no target spells them itself.
add_library(claptools_flags INTERFACE)
target_compile_options(claptools_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow
                       $<$<BOOL:${CLAPTOOLS_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(claptools_flags INTERFACE -Wno-restrict)  # false alarms on std::string (GCC bug 105329)
endif()
if(CLAPTOOLS_SANITIZE)
  target_compile_options(claptools_flags INTERFACE -fsanitize=${CLAPTOOLS_SANITIZE}
                         -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
  target_link_options(claptools_flags INTERFACE -fsanitize=${CLAPTOOLS_SANITIZE})
endif()
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
