# Installed as a C library: the headers, the shared object with its versions, a CMake package and a pkg-config file. All of it may be moved
# to another folder as a whole.
include(CMakePackageConfigHelpers)

# The shared object's version is that of the interface, then the project's.
file(STRINGS include/hypergrad/base.h abi_version REGEX "^#define HG_ABI_VERSION [0-9]+$")
string(REGEX MATCH "[0-9]+$" abi_version "${abi_version}")
if(NOT abi_version)
  message(FATAL_ERROR "include/hypergrad/base.h does not define HG_ABI_VERSION as a number.")
endif()
set_target_properties(hypergrad PROPERTIES SOVERSION ${abi_version} VERSION ${abi_version}.${PROJECT_VERSION})

install(TARGETS hypergrad EXPORT HypergradTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT Hypergrad_Runtime NAMELINK_COMPONENT Hypergrad_Development
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT Hypergrad_Runtime
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT Hypergrad_Development)
install(DIRECTORY include/hypergrad DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT Hypergrad_Development)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT Hypergrad_Runtime)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/Hypergrad)
install(EXPORT HypergradTargets NAMESPACE Hypergrad:: DESTINATION ${package_folder} COMPONENT Hypergrad_Development)
configure_package_config_file(cmake/HypergradConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/HypergradConfig.cmake
  INSTALL_DESTINATION ${package_folder} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/HypergradConfigVersion.cmake
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/HypergradConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/HypergradConfigVersion.cmake
  DESTINATION ${package_folder} COMPONENT Hypergrad_Development)

# Folders as pkg-config wants them: seen from the file's own, unless they are absolute.
foreach(folder LIBDIR INCLUDEDIR)
  if(IS_ABSOLUTE "${CMAKE_INSTALL_${folder}}")
    set(pkgconfig_${folder} "${CMAKE_INSTALL_${folder}}")
  else()
    set(pkgconfig_${folder} "\${prefix}/${CMAKE_INSTALL_${folder}}")
  endif()
endforeach()
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(pkgconfig_prefix "${CMAKE_INSTALL_PREFIX}")
else()
  file(RELATIVE_PATH up "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
  string(REGEX REPLACE "/$" "" up "${up}")
  set(pkgconfig_prefix "\${pcfiledir}/${up}")
endif()
configure_file(cmake/hypergrad.pc.in ${CMAKE_CURRENT_BINARY_DIR}/hypergrad.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/hypergrad.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT Hypergrad_Development)
