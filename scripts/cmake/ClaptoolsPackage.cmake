# `cpack -G DEB` in the build folder: a package of what is installed to run, without the Development component.
# What dpkg-shlibdeps finds is declared; LibTorch is not in Debian, and the description says where to put it.
set(CPACK_PACKAGE_NAME clap-tools)
set(CPACK_PACKAGE_CONTACT "The clap-tools authors <clap-tools@packages.invalid>" CACHE STRING "Who maintains the package")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "audio-text embeddings, search and zero-shot classification")
set(CPACK_PACKAGE_DESCRIPTION
"Embeds recordings and captions with CLAP models, searches hours of audio by
a sentence, classifies without training, finds when a described sound
happens, and scores it all. A small demonstration model comes with it.
.
LibTorch ${LibTorch_VERSION} is needed and not in Debian: unpack it as
/usr/lib/clap-tools/libtorch or name its folder in CLAP_TORCH.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};clap-tools;Runtime;/")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
    WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/scripts/package/debian.cmake)
set(CPACK_GENERATOR DEB)
set(CPACK_DEBIAN_COMPRESSION_TYPE gzip)  # weights do not compress better otherwise, only slower
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION sound)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS libopenblas0)  # any BLAS does, this one is fast
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${LibTorch_FOLDER}/lib)
include(CPack)
