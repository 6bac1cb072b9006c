# What Debian's policy has otherwise than `cmake --install`; CPack runs it before it packs.
set(usr ${CPACK_TEMPORARY_DIRECTORY}/usr)
set(doc ${usr}/share/doc/clap-tools)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${doc}/changelog "clap-tools (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * CHANGELOG.md has the changes.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
file(REMOVE ${doc}/LICENSE)  # copyright has it
file(RENAME ${usr}/share/zsh/site-functions ${usr}/share/zsh/vendor-completions)
file(GLOB_RECURSE texts ${usr}/share/man/*.[1-9] ${doc}/changelog ${doc}/CHANGELOG.md)
execute_process(COMMAND gzip -9n ${texts} COMMAND_ERROR_IS_FATAL ANY)
# No place on the machine that built it.
file(GLOB plugins ${usr}/lib/clap-tools/*.so)
foreach(plugin ${plugins})
  file(RPATH_SET FILE ${plugin} NEW_RPATH "$ORIGIN:$ORIGIN/libtorch/lib")
endforeach()
